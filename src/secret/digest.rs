//! SHA-256 digests of secrets, the only form in which they are stored.

use core::fmt;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};

/// A SHA-256 digest (FIPS 180-4) of a secret. Equality is constant-time; `Debug` is redacted.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `parts` one after the other. The first part names what is digested, so that
    /// a digest of one kind never equals one of another.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// A digest read back from storage.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl ConstantTimeEq for Digest {
    /// By words: `subtle` takes four times as long byte by byte, and every device of an account is
    /// compared at every request.
    fn ct_eq(&self, other: &Self) -> Choice {
        let (left, _) = self.0.as_chunks::<8>();
        let (right, _) = other.0.as_chunks::<8>();
        let words = left.iter().zip(right);
        let equal = words.map(|(left, right)| u64::from_ne_bytes(*left).ct_eq(&u64::from_ne_bytes(*right)));
        equal.fold(Choice::from(1), |all, word| all & word)
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.ct_eq(other).into()
    }
}

impl Eq for Digest {}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(redacted)")
    }
}
