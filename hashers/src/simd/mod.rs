//! Argon2id by the crate `argon2-rust`.

mod pool;
#[cfg(test)]
#[path = "../../tests/inside/pool.rs"]
mod tests;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use argon2_rust::params::{Memory, TagLen};
use argon2_rust::{Algorithm, Argon2, Error, Params, Version};
use pinlatch::pin::{HashInput, HashParams, HasherError, PinHasher};

use pool::Pool;

/// Lanes and threads of one hash: a verification occupies one core.
const LANES: u32 = 1;
/// Bytes of a hash.
const OUTPUT_BYTES: u64 = 32;

/// Argon2id by the crate `argon2-rust`, on the calling thread, in one of a fixed number of working memories. Clones
/// share them: keep one to look at while the gate has the other.
///
/// - **The same function** as [`PooledArgon2id`](pinlatch::pin::PooledArgon2id), in 1/1.6 to 1/2.9 of the time: see
///   the README for what was measured, on what. Hashes made by either are verified by the other.
/// - **For the processor that is there.** AVX-512, AVX2, SSE2 or NEON is chosen when the first hash is made; a
///   processor that has none of them computes the same without. [`instructions`](Self::instructions) says which.
/// - **Bounded.** At most [`slots`](Self::slots) hashes run at a time, in at most as many working memories of the
///   largest parameters seen. A further caller waits on its own thread; the one that waits longest is served first.
/// - **Reused.** A working memory is mapped when it is first needed, and once more if larger parameters come.
/// - **Wiped** as soon as its hash is made or has failed, so that nothing is left in it while it waits.
///
/// `argon2-rust` has not been audited, is young, and is full of unsafe code. So check the hasher when the host
/// starts, and do not start if that fails:
///
/// ```
/// use pinlatch::pin::check_hasher;
/// use pinlatch_hashers::SimdArgon2id;
///
/// let hasher = SimdArgon2id::one_per_core();
/// check_hasher(&hasher)?; // two hashes, one after the other
/// println!("Argon2id by {}", hasher.instructions());
/// // Gate::builder(host).hasher(hasher.clone())
/// # Ok::<(), pinlatch::pin::HasherCheckError>(())
/// ```
///
/// How many slots, how much memory, who waits how long: "Sizing the pool" in the documentation of
/// [`PooledArgon2id`](pinlatch::pin::PooledArgon2id) holds here too, with shorter times.
#[derive(Clone)]
pub struct SimdArgon2id {
    pool: Arc<Pool>,
}

impl SimdArgon2id {
    /// So many hashes at a time. More than there are cores only adds memory and waiting. Nothing is allocated
    /// before it is needed.
    #[must_use]
    pub fn new(slots: NonZeroUsize) -> Self {
        Self { pool: Arc::new(Pool::new(slots)) }
    }

    /// As many hashes at a time as this process may use cores, by [`std::thread::available_parallelism`]; one if
    /// that cannot be told.
    #[must_use]
    pub fn one_per_core() -> Self {
        Self::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// How many hashes run at a time. An async host hands over no more than this to its blocking pool.
    #[must_use]
    pub fn slots(&self) -> NonZeroUsize {
        self.pool.slots()
    }

    /// How many callers wait for a slot, now. A host that sheds load looks here before it calls the gate. A request
    /// turned away later would hold one of the device's five places until the answer window and the skew are over.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pool.waiting()
    }

    /// How much working memory is held, in KiB, whether a hash runs in it or not: at most [`slots`](Self::slots)
    /// times the largest parameters seen.
    #[must_use]
    pub fn memory_kib(&self) -> usize {
        self.pool.memory_kib()
    }

    /// Frees the working memory in which no hash runs. The next hash maps it again. For a host that has gone quiet,
    /// or that has lowered its parameters.
    pub fn release_memory(&self) {
        self.pool.release_memory();
    }

    /// Which instructions this process computes Argon2id with: `avx512`, `avx2`, `sse2`, `neon` or `scalar`, for a
    /// line in the host's log. `scalar` is no faster than the default hasher.
    #[must_use]
    pub fn instructions(&self) -> &'static str {
        argon2_rust::detected_backend().name()
    }
}

impl fmt::Debug for SimdArgon2id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimdArgon2id")
            .field("slots", &self.slots())
            .field("waiting", &self.waiting())
            .field("memory_kib", &self.memory_kib())
            .field("instructions", &self.instructions())
            .finish()
    }
}

impl PinHasher for SimdArgon2id {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let mut slot = self.pool.slot(argon2id(input.params)?)?;
        let pepper = input.pepper.unwrap_or_default(); // to Argon2, no secret is a secret of no bytes
        slot.hasher().hash_into_with_ad(input.message, input.salt, pepper, &[], out).map_err(refused)
    }
}

/// Argon2id, version 0x13, of one lane, at that cost.
fn argon2id(params: HashParams) -> Result<Argon2, HasherError> {
    let params = Params::builder()
        .memory(Memory::kib(params.memory_kib().into()))
        .passes(params.passes())
        .lanes(LANES)
        .threads(LANES)
        .tag_len(TagLen::bytes(OUTPUT_BYTES))
        .build()
        .map_err(refused)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn refused(error: Error) -> HasherError {
    match error {
        Error::MemoryAllocationError => HasherError::OutOfMemory,
        _ => HasherError::Failed,
    }
}
