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

    /// Four words, so that the constant-time comparison takes four steps instead of 32.
    fn words(&self) -> [u64; 4] {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, rest @ ..] = self.0;
        let [q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff] = rest;
        [
            u64::from_ne_bytes([a, b, c, d, e, f, g, h]),
            u64::from_ne_bytes([i, j, k, l, m, n, o, p]),
            u64::from_ne_bytes([q, r, s, t, u, v, w, x]),
            u64::from_ne_bytes([y, z, aa, bb, cc, dd, ee, ff]),
        ]
    }
}

impl ConstantTimeEq for Digest {
    fn ct_eq(&self, other: &Self) -> Choice {
        let [a, b, c, d] = self.words();
        let [e, f, g, h] = other.words();
        a.ct_eq(&e) & b.ct_eq(&f) & c.ct_eq(&g) & d.ct_eq(&h)
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
