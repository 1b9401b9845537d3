//! Peppers: secret keys that the host keeps apart from the records, so that a stolen record alone
//! cannot be searched for its PIN.
//!
//! A PIN has a million values or so; without a pepper, whoever holds the record tries them all,
//! whatever the hash. A pepper goes into Argon2 as its secret input (RFC 9106 §3.1), and its
//! number into the record, so that keys can be changed one after the other.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::refusal::{Cause, Refusal, RefusalCode};

/// The number of a pepper. It is stored in records, and is no secret.
///
/// Give each key a number of its own and never use a number again for another key.
///
/// With the feature `serde` it is its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PepperId(u32);

impl PepperId {
    /// The pepper with this number.
    #[must_use]
    pub const fn from_number(number: u32) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// A secret key of 16 to 64 bytes. `Debug` shows none of it; wiped from memory when dropped.
pub struct Pepper(Zeroizing<Vec<u8>>);

impl Pepper {
    /// The shortest key, in bytes: 128 bits, beyond any search.
    pub const MIN_BYTES: usize = 16;
    /// The longest key, in bytes: more than 512 bits add nothing to the BLAKE2b-512 that takes it in.
    pub const MAX_BYTES: usize = 64;

    /// A key drawn by a cryptographic random source and kept in a key store; 32 bytes are a good
    /// length. The bytes are copied: wiping the original is up to the caller.
    ///
    /// # Errors
    /// [`PepperError::WrongKeyLength`] for fewer than 16 or more than 64 bytes.
    pub fn new(key: &[u8]) -> Result<Self, PepperError> {
        if !(Self::MIN_BYTES..=Self::MAX_BYTES).contains(&key.len()) {
            return Err(PepperError::WrongKeyLength);
        }
        Ok(Self(Zeroizing::new(key.to_vec())))
    }

    /// The key, for the hasher.
    pub(crate) fn key(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(redacted)") // I13
    }
}

/// The peppers a host supplies: one current key and any number of older ones, or explicitly none.
///
/// New PINs are hashed under the current key. A PIN hashed under an older one stays usable, and is
/// hashed anew under the current one at its next success. A PIN under a key that is not in the ring
/// is unusable (E32): its owner authenticates again, and no try is spent. So keep a key in the ring
/// until no record names it.
///
/// Cloning is cheap: the clones share their keys.
///
/// ```
/// # use pinlatch::pin::{Pepper, PepperError, PepperId, PepperRing};
/// let (old, new) = (Pepper::new(&[7; 32])?, Pepper::new(&[9; 32])?);
/// let ring = PepperRing::new(PepperId::from_number(2), new)
///     .with_older(PepperId::from_number(1), old)?;
/// assert_eq!(ring.current(), Some(PepperId::from_number(2)));
/// # Ok::<(), PepperError>(())
/// ```
#[derive(Clone)]
pub struct PepperRing {
    /// The current key first; empty if the host chose to have none.
    keys: Arc<Vec<(PepperId, Arc<Pepper>)>>,
    accepts_unpeppered: bool,
}

impl PepperRing {
    /// A ring with one key, the current one.
    #[must_use]
    pub fn new(id: PepperId, key: Pepper) -> Self {
        Self { keys: Arc::new(alloc::vec![(id, Arc::new(key))]), accepts_unpeppered: false }
    }

    /// The explicit choice to have no pepper: a stolen record then gives its PIN away in hours.
    #[must_use]
    pub fn without_pepper() -> Self {
        Self { keys: Arc::new(Vec::new()), accepts_unpeppered: true }
    }

    /// Adds a key that older records still name.
    ///
    /// # Errors
    /// [`PepperError::DuplicateId`] if the ring has a key of that number;
    /// [`PepperError::NoCurrentKey`] if the ring was made by
    /// [`without_pepper`](Self::without_pepper): from a pepper there is no way back to none,
    /// since that would weaken every credential at its next use.
    pub fn with_older(mut self, id: PepperId, key: Pepper) -> Result<Self, PepperError> {
        if self.keys.is_empty() {
            return Err(PepperError::NoCurrentKey);
        }
        if self.keys.iter().any(|(known, _)| *known == id) {
            return Err(PepperError::DuplicateId);
        }
        Arc::make_mut(&mut self.keys).push((id, Arc::new(key)));
        Ok(self)
    }

    /// Lets PINs that were hashed without a pepper be used, until their next success puts them
    /// under the current key. For a host that began without a pepper; drop it once all have moved.
    #[must_use]
    pub fn accepting_unpeppered(mut self) -> Self {
        self.accepts_unpeppered = true;
        self
    }

    /// The number of the key for new PINs; `None` if the host chose to have no pepper.
    #[must_use]
    pub fn current(&self) -> Option<PepperId> {
        self.keys.first().map(|(id, _)| *id)
    }

    /// The key that a record names; `Ok(None)` if it names none and that is accepted.
    ///
    /// # Errors
    /// [`UnknownPepper::NotInRing`] for a number without a key, [`UnknownPepper::Unpeppered`] for a
    /// record without a number under a ring that has a pepper and does not
    /// [accept it](Self::accepting_unpeppered). Both fail closed (E32).
    pub fn find(&self, id: Option<PepperId>) -> Result<Option<&Pepper>, UnknownPepper> {
        match id {
            Some(id) => self
                .keys
                .iter()
                .find(|(known, _)| *known == id)
                .map(|(_, key)| Some(&**key))
                .ok_or(UnknownPepper::NotInRing(id)),
            None if self.accepts_unpeppered => Ok(None),
            None => Err(UnknownPepper::Unpeppered),
        }
    }
}

impl fmt::Debug for PepperRing {
    /// The numbers of the keys and nothing of the keys (I13).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older: Vec<PepperId> = self.keys.iter().skip(1).map(|(id, _)| *id).collect();
        f.debug_struct("PepperRing")
            .field("current", &self.current())
            .field("older", &older)
            .field("accepts_unpeppered", &self.accepts_unpeppered)
            .finish()
    }
}

/// Why a pepper, or a ring of them, cannot be set up like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PepperError {
    /// The key has fewer than 16 or more than 64 bytes.
    #[error("a pepper has 16 to 64 bytes: draw 32 from a cryptographic random source")]
    WrongKeyLength,
    /// The ring has a key of that number already.
    #[error("the ring has a pepper of that number: give every key a number of its own")]
    DuplicateId,
    /// An older key beside no current one.
    #[error("there is no current pepper: begin the ring with the key for new PINs")]
    NoCurrentKey,
}

/// A record's PIN cannot be checked with this ring. Its owner has to authenticate again (E32).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownPepper {
    /// The record names a key that the ring does not have.
    #[error("pepper number {n} is not in the ring: add it as an older key", n = .0.number())]
    NotInRing(PepperId),
    /// The record was hashed without a pepper, and the ring does not accept that.
    #[error("hashed without a pepper: let the ring accept unpeppered PINs while they move over")]
    Unpeppered,
}

impl UnknownPepper {
    /// The refusal to show for it: `CredentialUnusable`, with the cause for the audit trail.
    #[must_use]
    pub const fn refusal(self) -> Refusal {
        Refusal::because(RefusalCode::CredentialUnusable, Cause::PepperUnknown)
    }
}
