//! The life of one guess: charge, permit, verdict, settlement. Each step consumes the one before.

use core::fmt;

use super::credential::{Binding, Credential};
use super::entry::Pin;
use super::hasher::HasherError;
use super::hashing::Hashing;
use crate::id::{AttemptId, CredentialId};

/// What a guess is for.
pub(crate) enum Purpose {
    /// Open the lock. The salt is for renewing an outdated hash.
    Unlock { salt: [u8; 16] },
    /// Replace the PIN by a new one.
    Change { new: Pin, id: CredentialId, salt: [u8; 16] },
}

impl Purpose {
    /// Whether what was drawn for a new hash is that of the old one (E39).
    pub(crate) fn repeats_a_draw_of(&self, credential: &Credential) -> bool {
        match self {
            Self::Unlock { salt } => credential.has_salt(salt),
            Self::Change { id, salt, .. } => credential.has_salt(salt) || *id == credential.id(),
        }
    }
}

/// An attempt that is charged in the account in memory, but not written yet.
#[must_use = "write the record, then call `assert_written`"]
pub struct Charge(Permit);

impl Charge {
    pub(crate) const fn new(
        attempt: AttemptId,
        binding: Binding,
        credential: Credential,
        entry: Pin,
        purpose: Purpose,
    ) -> Self {
        Self(Permit { attempt, binding, credential, entry, purpose })
    }

    /// Which attempt was charged: what to look for in the record after a lost reply.
    #[must_use]
    pub const fn attempt(&self) -> AttemptId {
        self.0.attempt
    }

    /// **You assert that the record with this charge is durably written**: the store answered
    /// `Applied`, or the record read back has this attempt in flight. Asserting it of anything
    /// else gives guesses away for free. The gate calls this for you.
    #[must_use = "compare the guess, or the attempt stays charged for nothing"]
    pub fn assert_written(self) -> Permit {
        self.0
    }
}

impl fmt::Debug for Charge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Charge({:?})", self.0.attempt)
    }
}

/// The right to compare one guess, once. It holds the guess and the credential it is bound to.
///
/// There is no public constructor, and it cannot be cloned.
#[must_use = "compare the guess, or the attempt stays charged for nothing"]
pub struct Permit {
    attempt: AttemptId,
    binding: Binding,
    credential: Credential,
    entry: Pin,
    purpose: Purpose,
}

impl Permit {
    /// Compares the guess with the credential, in constant time, consuming the permit. This is the
    /// expensive step: run it where CPU-heavy work belongs.
    ///
    /// # Errors
    /// [`HasherError`] if the hasher has no memory or fails. The attempt is void after the answer
    /// window, and costs nothing.
    pub fn compare(self, hashing: &Hashing<'_>) -> Result<Verdict, HasherError> {
        let Self { attempt, binding, credential, entry, purpose } = self;
        let right = credential.matches(&binding, &entry, hashing)?;
        let changes_pin = matches!(purpose, Purpose::Change { .. });
        // Made for a wrong guess too: the time taken must not tell which it was (D25).
        let replacement = match purpose {
            // An outdated hash is renewed on success; if that fails, the old one still serves.
            Purpose::Unlock { salt } => credential.outdated(hashing).and_then(|params| {
                Credential::make(credential.id(), &binding, &entry, params, salt, hashing).ok()
            }),
            Purpose::Change { new, id, salt } => {
                Some(Credential::make(id, &binding, &new, hashing.params, salt, hashing)?)
            }
        };
        let credential = credential.id();
        let replacement = replacement.filter(|_| right);
        Ok(Verdict(Settlement { attempt, binding, credential, right, changes_pin, replacement }))
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Permit({:?})", self.attempt)
    }
}

/// The outcome of a comparison. It does not say which: only a written settlement does.
#[must_use = "settle it, or the attempt stays charged"]
pub struct Verdict(Settlement);

impl Verdict {
    /// Consumes the verdict. The settlement may be applied again after a conflicting write; it
    /// counts once, because it is recognised by its attempt.
    #[must_use = "apply it to the account and write the record"]
    pub fn into_settlement(self) -> Settlement {
        self.0
    }
}

impl fmt::Debug for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Verdict({:?})", self.0.attempt)
    }
}

/// What is left to write of a compared guess.
pub struct Settlement {
    attempt: AttemptId,
    binding: Binding,
    credential: CredentialId,
    right: bool,
    changes_pin: bool,
    replacement: Option<Credential>,
}

impl Settlement {
    pub(crate) const fn attempt(&self) -> AttemptId {
        self.attempt
    }

    pub(crate) const fn binding(&self) -> Binding {
        self.binding
    }

    /// Whether the guess was made to change the PIN, and not to unlock: one does not do for the other.
    pub(crate) const fn changes_pin(&self) -> bool {
        self.changes_pin
    }

    /// The credential for which the guess was charged.
    pub(crate) const fn credential(&self) -> CredentialId {
        self.credential
    }

    /// Whether the guess was right. To be asked of a guess that may be answered, and of no other.
    pub(crate) const fn is_right(&self) -> bool {
        self.right
    }

    pub(crate) fn replacement(&self) -> Option<Credential> {
        self.replacement.clone()
    }
}

impl fmt::Debug for Settlement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Settlement({:?})", self.attempt)
    }
}
