//! Keys that the host keeps apart from the database, numbered, so that they can be changed one after the other.

use std::fmt;
use std::sync::Arc;

use pinlatch::host::{Randomness, RandomnessError};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

/// What is hashed before a key for its fingerprint, so that no other use of SHA-256 gives the same.
const FINGERPRINT_LABEL: &[u8] = b"pinlatch-stores sealing key";
/// How much of the hash stands in a record: two keys share it once in 2^64.
pub(super) const FINGERPRINT_BYTES: usize = 8;

pub(super) type Fingerprint = [u8; FINGERPRINT_BYTES];

/// The number of a sealing key. It is stored with records, and is no secret.
///
/// Give each key a number of its own and never use a number again for another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SealingKeyId(u32);

impl SealingKeyId {
    /// The key with this number.
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

/// A secret key of 32 bytes. `Debug` shows none of it; wiped from memory when dropped.
///
/// Keep it where the database's administrators and backups are not: in a key store, or in a secret of the host's.
/// Whoever has it and the database can read and write everything.
pub struct SealingKey(Box<Zeroizing<[u8; Self::BYTES]>>);

impl SealingKey {
    /// The length of a key, in bytes: 256 bits, what XChaCha20-Poly1305 takes.
    pub const BYTES: usize = 32;

    /// A key drawn by a cryptographic random source and kept in a key store. No password: it could be searched
    /// for. The bytes are copied: wiping the original is up to the caller.
    ///
    /// # Errors
    /// [`SealingKeyError::WrongLength`] for anything but 32 bytes.
    pub fn new(key: &[u8]) -> Result<Self, SealingKeyError> {
        let key: &[u8; Self::BYTES] = key.try_into().map_err(|_| SealingKeyError::WrongLength)?;
        let mut kept = Self(Box::default());
        kept.0.copy_from_slice(key);
        Ok(kept)
    }

    /// A new key. [Expose](Self::expose) it once, to put it into the key store, before anything is sealed with it.
    ///
    /// # Errors
    /// The random source failed.
    pub fn draw(randomness: &impl Randomness) -> Result<Self, RandomnessError> {
        let mut drawn = Self(Box::default());
        randomness.fill(&mut **drawn.0)?;
        Ok(drawn)
    }

    /// The key itself, for the key store. Never log it.
    #[must_use]
    pub fn expose(&self) -> &[u8; Self::BYTES] {
        &self.0
    }

    fn fingerprint(&self) -> Fingerprint {
        let hash = Sha256::new().chain_update(FINGERPRINT_LABEL).chain_update(self.expose()).finalize();
        hash.first_chunk().copied().unwrap_or_default()
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(redacted)")
    }
}

/// A key with its number, and what tells it from another key under the same number.
pub(super) struct NumberedKey {
    pub(super) id: SealingKeyId,
    pub(super) fingerprint: Fingerprint,
    pub(super) key: SealingKey,
}

impl NumberedKey {
    fn new(id: SealingKeyId, key: SealingKey) -> Arc<Self> {
        Arc::new(Self { id, fingerprint: key.fingerprint(), key })
    }
}

/// The sealing keys of a host: one current key and any number of older ones.
///
/// Every write is sealed under the current key; a load opens with the key that the record names. A record under a
/// key that is not in the ring is an [error](super::SealedError::UnknownKey) and stays as it is. So keep a key in the
/// ring until no record names it, and in the key store for as long as a backup may be restored that does.
///
/// Cloning is cheap: the clones share their keys.
///
/// ```
/// # use pinlatch_stores::sealed::{SealingKey, SealingKeyError, SealingKeyId, SealingKeys};
/// let (old, new) = (SealingKey::new(&[7; 32])?, SealingKey::new(&[9; 32])?);
/// let keys = SealingKeys::new(SealingKeyId::from_number(2), new)
///     .with_older(SealingKeyId::from_number(1), old)?;
/// assert_eq!(keys.current(), SealingKeyId::from_number(2));
/// # Ok::<(), SealingKeyError>(())
/// ```
#[derive(Clone)]
pub struct SealingKeys {
    current: Arc<NumberedKey>,
    older: Vec<Arc<NumberedKey>>,
}

impl SealingKeys {
    /// A ring with one key, the current one.
    #[must_use]
    pub fn new(id: SealingKeyId, key: SealingKey) -> Self {
        Self { current: NumberedKey::new(id, key), older: Vec::new() }
    }

    /// Adds a key that records may name: an older one, or one that other hosts are about to make the current one.
    ///
    /// # Errors
    /// [`SealingKeyError::DuplicateId`] if the ring has a key of that number, [`SealingKeyError::DuplicateKey`] if
    /// it has that very key under another number.
    pub fn with_older(mut self, id: SealingKeyId, key: SealingKey) -> Result<Self, SealingKeyError> {
        let added = NumberedKey::new(id, key);
        if self.find(id).is_some() {
            return Err(SealingKeyError::DuplicateId);
        }
        if self.all().any(|known| known.fingerprint == added.fingerprint) {
            return Err(SealingKeyError::DuplicateKey);
        }
        self.older.push(added);
        Ok(self)
    }

    /// The number of the key for new writes.
    #[must_use]
    pub fn current(&self) -> SealingKeyId {
        self.current.id
    }

    pub(super) fn for_writing(&self) -> &NumberedKey {
        &self.current
    }

    pub(super) fn find(&self, id: SealingKeyId) -> Option<&NumberedKey> {
        self.all().find(|known| known.id == id)
    }

    fn all(&self) -> impl Iterator<Item = &NumberedKey> {
        std::iter::once(&*self.current).chain(self.older.iter().map(|known| &**known))
    }
}

impl fmt::Debug for SealingKeys {
    /// The numbers of the keys and nothing of the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let older: Vec<SealingKeyId> = self.older.iter().map(|known| known.id).collect();
        f.debug_struct("SealingKeys").field("current", &self.current()).field("older", &older).finish()
    }
}

/// Why a sealing key, or a ring of them, cannot be set up like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum SealingKeyError {
    /// The key does not have 32 bytes.
    #[error("a sealing key has 32 bytes: draw them from a cryptographic random source")]
    WrongLength,
    /// The ring has a key of that number already.
    #[error("the ring has a sealing key of that number: give every key a number of its own")]
    DuplicateId,
    /// The ring has that very key under another number.
    #[error("the ring has this sealing key under another number: look for a secret that was set twice")]
    DuplicateKey,
}
