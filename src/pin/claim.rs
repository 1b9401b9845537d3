//! The life of a new PIN: claimed, hashed, taken. Each step consumes the one before.

use core::fmt;

use super::credential::{Binding, Credential};
use super::entry::Pin;
use super::hasher::HasherError;
use super::hashing::Hashing;
use crate::id::{AttemptId, CredentialId};

/// What a new PIN draws at random before it is claimed. Each is used for one claim, and once.
pub struct PinDraw {
    /// The claim's own id.
    pub attempt: AttemptId,
    /// The new credential's id.
    pub credential: CredentialId,
    /// The new credential's salt.
    pub salt: [u8; 16],
}

impl PinDraw {
    /// The same draw, for the same claim decided again after a conflicting write.
    pub(crate) const fn again(&self) -> Self {
        Self { attempt: self.attempt, credential: self.credential, salt: self.salt }
    }
}

impl fmt::Debug for PinDraw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinDraw({:?})", self.attempt) // I13: the salt is secret
    }
}

/// A new PIN that was accepted by the policy, for a device session that waits for one. It holds one of the
/// session's five places in the account in memory, which is not written yet: hashing is expensive, so a
/// place is taken before it (E38).
#[must_use = "write the record, then call `assert_written`"]
pub struct PinClaim(PinPlan);

impl PinClaim {
    pub(crate) const fn new(draw: PinDraw, binding: Binding, entry: Pin) -> Self {
        Self(PinPlan { draw, binding, entry })
    }

    /// **You assert that the record with this claim is durably written**: the store answered `Applied`, or
    /// the record read back holds the claim. Asserting it of anything else lets a flood of requests hash
    /// without bound. The gate calls this for you.
    #[must_use = "hash it with `make` and hand the result to the account"]
    pub fn assert_written(self) -> PinPlan {
        self.0
    }
}

impl fmt::Debug for PinClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinClaim({:?})", self.0.draw.attempt)
    }
}

/// The right to hash one new PIN, once. Hashing takes time and belongs on a thread of its own.
#[must_use = "hash it with `make` and hand the result to the account"]
pub struct PinPlan {
    draw: PinDraw,
    binding: Binding,
    entry: Pin,
}

impl PinPlan {
    /// Hashes the PIN under its id and salt.
    ///
    /// # Errors
    /// [`HasherError`] if the hasher has no memory or fails; no PIN was created, and the claim is void
    /// when its time is over.
    pub fn make(self, hashing: &Hashing<'_>) -> Result<NewCredential, HasherError> {
        let Self { draw: PinDraw { attempt, credential, salt }, binding, entry } = self;
        let credential = Credential::make(credential, &binding, &entry, hashing.params, salt, hashing)?;
        Ok(NewCredential { attempt, binding, credential })
    }
}

impl fmt::Debug for PinPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinPlan({:?})", self.draw.attempt)
    }
}

/// A credential made for one claim of one device session; the account takes it only for that one.
#[derive(Debug)]
pub struct NewCredential {
    attempt: AttemptId,
    binding: Binding,
    credential: Credential,
}

impl NewCredential {
    pub(crate) const fn attempt(&self) -> AttemptId {
        self.attempt
    }

    pub(crate) const fn binding(&self) -> Binding {
        self.binding
    }

    pub(crate) fn credential(&self) -> Credential {
        self.credential.clone()
    }
}
