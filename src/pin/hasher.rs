//! The slow hash under a PIN: Argon2id (RFC 9106), its cost, and the trait by which a host plugs in
//! a faster implementation of the same function.

use core::fmt;

use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use super::working_memory::{Lent, WorkingMemory};

/// Bytes of a hash.
const OUTPUT_BYTES: usize = 32;
/// Lanes of Argon2: always one, so that a verification occupies one core.
const LANES: u32 = 1;

/// The cost of one hash: memory in KiB and passes over it, on one lane.
///
/// At least one of the five settings that the OWASP Password Storage Cheat Sheet lists as equally
/// strong: 47,104 KiB × 1 pass, 19,456 × 2, 12,288 × 3, 9,216 × 4 or 7,168 × 5. At most
/// 262,144 KiB × 16 passes, some seconds of work: a record that asks for more is damaged or forged.
///
/// With the feature `serde` it is `{"memory_kib":19456,"passes":2}`, within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "Stated"))]
pub struct HashParams {
    memory_kib: u32,
    passes: u32,
}

impl HashParams {
    /// OWASP's second row, its recommended minimum: 19 MiB, 2 passes; 13 to 20 ms on a server core.
    pub const DEFAULT: Self = Self { memory_kib: 19_456, passes: 2 };
    /// The memory and passes of RFC 9106 §4's second recommendation, on one lane: 64 MiB, 3 passes.
    pub const STRONG: Self = Self { memory_kib: 65_536, passes: 3 };
    /// The least memory, in KiB: that of OWASP's last row.
    pub const MIN_MEMORY_KIB: u32 = 7_168;
    /// The most memory, in KiB: 256 MiB, four times that of [`STRONG`](Self::STRONG).
    pub const MAX_MEMORY_KIB: u32 = 262_144;
    /// The most passes: three times those of OWASP's last row, rounded up to a power of two.
    pub const MAX_PASSES: u32 = 16;

    /// OWASP Password Storage Cheat Sheet, "Argon2id": memory in KiB and passes.
    const OWASP: [(u32, u32); 5] = [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)];

    /// So much memory and so many passes.
    ///
    /// # Errors
    /// [`HashParamsError::TooWeak`] if it falls below every row of OWASP's table,
    /// [`HashParamsError::TooCostly`] if it exceeds [`MAX_MEMORY_KIB`](Self::MAX_MEMORY_KIB) or
    /// [`MAX_PASSES`](Self::MAX_PASSES).
    pub fn new(memory_kib: u32, passes: u32) -> Result<Self, HashParamsError> {
        if memory_kib > Self::MAX_MEMORY_KIB || passes > Self::MAX_PASSES {
            return Err(HashParamsError::TooCostly);
        }
        if !Self::OWASP.iter().any(|&(memory, least)| memory_kib >= memory && passes >= least) {
            return Err(HashParamsError::TooWeak);
        }
        Ok(Self { memory_kib, passes })
    }

    /// The memory, in KiB.
    #[must_use]
    pub const fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// The number of passes over the memory.
    #[must_use]
    pub const fn passes(self) -> u32 {
        self.passes
    }

    /// The larger memory and the larger number of passes of the two: never cheaper than either.
    #[must_use]
    pub fn strongest(self, other: Self) -> Self {
        Self { memory_kib: self.memory_kib.max(other.memory_kib), passes: self.passes.max(other.passes) }
    }
}

impl Default for HashParams {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Parameters as stated in a configuration, before their bounds are checked.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    memory_kib: u32,
    passes: u32,
}

#[cfg(feature = "serde")]
impl TryFrom<Stated> for HashParams {
    type Error = HashParamsError;

    fn try_from(stated: Stated) -> Result<Self, Self::Error> {
        Self::new(stated.memory_kib, stated.passes)
    }
}

/// Why a pair of memory and passes is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum HashParamsError {
    /// Weaker than every setting in OWASP's table.
    #[error("too weak: use at least 47104 KiB/1 pass, 19456/2, 12288/3, 9216/4 or 7168/5")]
    TooWeak,
    /// More than 262,144 KiB or 16 passes.
    #[error("too costly: use at most 262144 KiB and 16 passes")]
    TooCostly,
}

/// What one hash is computed from. The salt, the pepper and the message are secret: `Debug` shows
/// none of them.
#[derive(Clone, Copy)]
pub struct HashInput<'a> {
    /// Memory and passes.
    pub params: HashParams,
    /// The salt, drawn at random for each credential.
    pub salt: &'a [u8; 16],
    /// Argon2's secret input, if the host has a pepper.
    pub pepper: Option<&'a [u8]>,
    /// Argon2's password input: the framed PIN.
    pub message: &'a [u8],
}

impl fmt::Debug for HashInput<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashInput(redacted)") // I13
    }
}

/// Computes Argon2id, version 0x13, one lane, no associated data, 32 bytes of output (RFC 9106).
///
/// Ready-made are [`Argon2id`] and, with the feature `std`, `PooledArgon2id`. A host may plug in a
/// faster one; it passes [`check_hasher`] before it is used.
pub trait PinHasher: Send + Sync {
    /// Writes the hash of `input` to `out`.
    ///
    /// The dangerous wrong answer is `Ok` with anything but the exact hash: a constant opens every
    /// app with any PIN, and another function locks everyone out once it is corrected. Ignoring
    /// the pepper passes unnoticed until the database is stolen. Being slow is only slow: it is
    /// called once an attempt, after the attempt has been charged.
    ///
    /// # Errors
    /// [`HasherError`] if there is no hash. The attempt is void after the answer window,
    /// and has cost nothing then.
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; OUTPUT_BYTES]) -> Result<(), HasherError>;
}

/// Why there is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum HasherError {
    /// The working memory could not be had. Run fewer verifications at a time.
    #[error("no memory for the hash: run fewer verifications at a time")]
    OutOfMemory,
    /// The implementation failed. Check it with [`check_hasher`].
    #[error("the hash failed: check the hasher with its test vectors")]
    Failed,
}

/// Argon2id by the `argon2` crate, on the calling thread.
///
/// Each call takes its working memory from the allocator and wipes it before giving it back, also
/// when the call fails or unwinds. Nothing bounds how many calls run at once, and so how much
/// memory they take: that is `PooledArgon2id`, which needs the feature `std`.
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Argon2id {}

impl Argon2id {
    /// The hasher. It holds nothing between calls.
    #[must_use]
    pub const fn new() -> Self {
        Self {}
    }
}

impl PinHasher for Argon2id {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; OUTPUT_BYTES]) -> Result<(), HasherError> {
        let argon2 = argon2id(input)?;
        let blocks = argon2.params().block_count();
        let mut memory = WorkingMemory::default();
        memory.grow_to(blocks).map_err(|_| HasherError::OutOfMemory)?;
        hash_in(memory.lend(blocks), &argon2, input, out)
    }
}

/// Argon2id with an input's parameters and pepper.
pub(super) fn argon2id<'a>(input: &HashInput<'a>) -> Result<Argon2<'a>, HasherError> {
    let HashParams { memory_kib, passes } = input.params;
    let params = Params::new(memory_kib, passes, LANES, Some(OUTPUT_BYTES)).map_err(failed)?;
    match input.pepper {
        None => Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params)),
        Some(key) => {
            Argon2::new_with_secret(key, Algorithm::Argon2id, Version::V0x13, params).map_err(failed)
        }
    }
}

/// Hashes in memory on loan, which is wiped before this returns.
pub(super) fn hash_in(
    memory: Lent<'_>,
    argon2: &Argon2<'_>,
    input: &HashInput<'_>,
    out: &mut [u8; OUTPUT_BYTES],
) -> Result<(), HasherError> {
    argon2.hash_password_into_with_memory(input.message, input.salt, out, memory).map_err(failed)
}

const fn failed(_: argon2::Error) -> HasherError {
    HasherError::Failed
}

/// A hash that is known, computed by the reference implementation in C.
struct KnownAnswer {
    name: &'static str,
    params: HashParams,
    pepper: Option<&'static [u8]>,
    hash: [u8; OUTPUT_BYTES],
}

const KNOWN_SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const KNOWN_MESSAGE: &[u8] = b"pinlatch known answer\x00\x01\x02 824671";

/// Computed with the reference C implementation (phc-winner-argon2, version 0x13) through Python's
/// argon2-cffi 25.1.
const KNOWN_ANSWERS: [KnownAnswer; 2] = [
    KnownAnswer {
        name: "19456 KiB, 2 passes, no pepper",
        params: HashParams::DEFAULT,
        pepper: None,
        hash: [
            0xd2, 0x13, 0xaf, 0x89, 0xcb, 0x61, 0x12, 0x67, 0xb2, 0xc2, 0xd3, 0xce, 0x7e, 0xee, 0x5f, 0x17,
            0xaa, 0x4c, 0x1c, 0x7b, 0xd1, 0xd3, 0x3c, 0x22, 0x28, 0x8f, 0x86, 0x81, 0xbe, 0x0b, 0x18, 0xce,
        ],
    },
    KnownAnswer {
        name: "7168 KiB, 5 passes, pepper of 32 bytes",
        params: HashParams { memory_kib: 7_168, passes: 5 },
        pepper: Some(b"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"),
        hash: [
            0x45, 0x86, 0x9c, 0xa5, 0x87, 0x30, 0x92, 0x2b, 0x25, 0x40, 0x09, 0x29, 0xa9, 0xb6, 0x2f, 0x16,
            0x6c, 0xe5, 0xa2, 0xed, 0xeb, 0x3b, 0xa3, 0x05, 0x72, 0xac, 0x95, 0xf5, 0xef, 0xf2, 0x25, 0xf8,
        ],
    },
];

/// Checks a hasher against known answers, with a pepper and without: some 40 ms. A host that plugs
/// in its own implementation calls this when it starts, and does not start if it fails.
///
/// # Errors
/// [`HasherCheckError`], naming the answer that was wrong or did not come.
pub fn check_hasher(hasher: &dyn PinHasher) -> Result<(), HasherCheckError> {
    for KnownAnswer { name, params, pepper, hash } in &KNOWN_ANSWERS {
        let input = HashInput { params: *params, salt: &KNOWN_SALT, pepper: *pepper, message: KNOWN_MESSAGE };
        let mut out = [0; OUTPUT_BYTES];
        hasher.hash(&input, &mut out).map_err(|error| HasherCheckError::NoAnswer(name, error))?;
        if !bool::from(out.ct_eq(hash)) {
            return Err(HasherCheckError::WrongAnswer(name));
        }
    }
    Ok(())
}

/// Why a hasher must not be used. Each variant names the known answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum HasherCheckError {
    /// The hasher computes another function than Argon2id as described at [`PinHasher`].
    #[error("wrong hash for the known answer \"{0}\": do not use this hasher")]
    WrongAnswer(&'static str),
    /// The hasher gave no hash.
    #[error("no hash for the known answer \"{0}\"")]
    NoAnswer(&'static str, #[source] HasherError),
}
