//! PINs as the person entered them, with what an attempt draws at random.

use core::fmt;

use crate::id::{AttemptId, CredentialId};
use crate::pin::Pin;

/// A new PIN as the person entered it, twice.
#[derive(Debug)]
pub struct PinEntries {
    /// The first entry.
    pub pin: Pin,
    /// The second entry.
    pub confirmation: Pin,
}

/// What a PIN attempt draws at random before it is charged. Each is used for one attempt, and once.
pub struct UnlockAttempt {
    /// The attempt's own id.
    pub attempt: AttemptId,
    /// A salt, in case the stored hash is outdated and has to be renewed.
    pub salt: [u8; 16],
}

impl UnlockAttempt {
    /// The same draw, for the same attempt decided again after a conflicting write.
    pub(crate) const fn again(&self) -> Self {
        Self { attempt: self.attempt, salt: self.salt }
    }
}

impl fmt::Debug for UnlockAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnlockAttempt({:?})", self.attempt) // I13: the salt is secret
    }
}

/// The current PIN and the new one, with what the attempt draws at random.
pub struct PinChange {
    /// The PIN as it is, to be compared.
    pub current: Pin,
    /// The new PIN, entered twice.
    pub new: PinEntries,
    /// The attempt's own id.
    pub attempt: AttemptId,
    /// The new credential's id.
    pub credential: CredentialId,
    /// The new credential's salt.
    pub salt: [u8; 16],
}

impl fmt::Debug for PinChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinChange({:?})", self.attempt) // I13: the salt is secret
    }
}
