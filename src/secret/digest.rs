//! SHA-256 digests of secrets, the only form in which they are stored.

#![allow(clippy::inline_always, reason = "with lengths known, a token is hashed without a copy")]

use core::fmt;

use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::zeroize_bytes;

/// Bytes of a block of SHA-256.
const BLOCK_BYTES: usize = 64;
/// Bytes at its end that hold the length of the message.
const LENGTH_BYTES: usize = 8;
/// The initial hash value (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A SHA-256 digest (FIPS 180-4) of a secret. Equality is constant-time; `Debug` is redacted.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of `parts` one after the other. The first part names what is digested, so that
    /// a digest of one kind never equals one of another.
    #[inline(always)]
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        if let Some(digest) = Self::of_one_block(parts) {
            return digest;
        }
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
        }
        Self(hash.finalize().into())
    }

    /// The same digest, without the buffering of the general case, if all fits into one block of
    /// SHA-256, as a token does. The block is wiped.
    #[inline(always)]
    fn of_one_block(parts: &[&[u8]]) -> Option<Self> {
        // The message, the bit 1, zeros, and the length in bits (FIPS 180-4 §5.1.1).
        let mut blocks = [[0; BLOCK_BYTES]];
        let [block] = &mut blocks;
        let (mut free, length) = block.split_at_mut(BLOCK_BYTES - LENGTH_BYTES);
        let mut bits = 0_u64;
        for part in parts {
            let (taken, rest) = free.split_at_mut_checked(part.len())?;
            taken.copy_from_slice(part);
            bits = bits.wrapping_add(u64::try_from(part.len()).ok()?.wrapping_mul(8));
            free = rest;
        }
        *free.first_mut()? = 0x80;
        length.copy_from_slice(&bits.to_be_bytes());
        let mut state = INITIAL;
        compress256(&mut state, &blocks);
        zeroize_bytes(blocks.as_flattened_mut());
        let mut digest = [0; 32];
        let (words, _) = digest.as_chunks_mut::<4>();
        for (word, value) in words.iter_mut().zip(state) {
            *word = value.to_be_bytes();
        }
        Some(Self(digest))
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
    /// All bits of difference are gathered without a branch, and compared with zero once.
    fn ct_eq(&self, other: &Self) -> Choice {
        let (left, _) = self.0.as_chunks::<8>();
        let (right, _) = other.0.as_chunks::<8>();
        let words = left.iter().zip(right);
        let difference = words.fold(0, |difference, (left, right)| {
            difference | (u64::from_ne_bytes(*left) ^ u64::from_ne_bytes(*right))
        });
        difference.ct_eq(&0)
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
