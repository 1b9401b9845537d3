//! The working memory of Argon2: reused, all zeros whenever no hash runs in it, and no abort when
//! it cannot be had.
#![allow(unsafe_code, reason = "it looks at memory in which a hash ran")]

use std::num::NonZeroUsize;

use pinlatch::pin::{Argon2id, HashInput, HashParams, HasherError, PinHasher, PooledArgon2id};
use pinlatch_counts::allocator::{
    Counting, allocations_of, bytes_left_in_working_memory, granting_at_most, live_bytes,
    watch_working_memory, working_memories_given_back,
};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The cheapest parameters that are accepted.
fn least() -> HashParams {
    HashParams::new(HashParams::MIN_MEMORY_KIB, 5).unwrap()
}

fn hash(hasher: &dyn PinHasher, params: HashParams) -> Result<[u8; 32], HasherError> {
    let input =
        HashInput { params, salt: &[7; 16], pepper: Some(b"a pepper of a valid size"), message: b"284917" };
    let mut out = [0; 32];
    hasher.hash(&input, &mut out).map(|()| out)
}

fn one_slot() -> PooledArgon2id {
    PooledArgon2id::new(NonZeroUsize::MIN)
}

/// From now on the content of large blocks is looked at.
fn watch() {
    // SAFETY: the only blocks of 4 MiB or more in these tests are those of hashes, filled before
    // they are used, and one `vec` of zeros; all stay on the test's thread.
    unsafe { watch_working_memory() };
}

/// What is left in the working memory taken last; `None` if it was given back.
fn left_behind() -> Option<u64> {
    // SAFETY: every hash of this test has returned, so nobody writes to the memory.
    unsafe { bytes_left_in_working_memory() }
}

#[test]
fn a_pooled_hasher_allocates_for_the_first_hash_and_never_again() {
    let pool = one_slot();
    let (first, expected) = allocations_of(|| hash(&pool, HashParams::DEFAULT));
    assert!(first > 0, "it has to come from somewhere");
    let held = live_bytes();
    for _ in 0..3 {
        assert_eq!(allocations_of(|| hash(&pool, HashParams::DEFAULT)), (0, expected));
    }
    let weaker = allocations_of(|| hash(&pool, least()).is_ok());
    assert_eq!(weaker, (0, true), "smaller parameters fit into what is held");
    assert_eq!(live_bytes(), held);
}

#[test]
fn pooled_memory_is_all_zeros_between_two_hashes_and_when_it_is_given_back() {
    watch();
    let pool = one_slot();
    for params in [HashParams::DEFAULT, least(), HashParams::DEFAULT] {
        hash(&pool, params).unwrap();
        assert_eq!(left_behind(), Some(0), "{params:?}");
    }
    pool.release_memory();
    assert_eq!(left_behind(), None, "given back");
    assert_eq!(working_memories_given_back(), (1, 0));
}

/// Larger parameters take a larger memory, and give the smaller one back first.
#[test]
fn a_working_memory_that_was_outgrown_is_given_back_as_zeros() {
    watch();
    let pool = one_slot();
    hash(&pool, least()).unwrap();
    hash(&pool, HashParams::DEFAULT).unwrap();
    assert_eq!(working_memories_given_back(), (1, 0));
    drop(pool);
    assert_eq!(working_memories_given_back(), (2, 0));
}

#[test]
fn the_hasher_without_a_pool_gives_its_memory_back_as_zeros() {
    watch();
    let before = live_bytes();
    hash(&Argon2id::new(), HashParams::DEFAULT).unwrap();
    assert_eq!(working_memories_given_back(), (1, 0));
    assert_eq!(live_bytes(), before);
}

#[test]
fn memory_that_cannot_be_had_is_an_error_and_no_abort() {
    let pool = one_slot();
    let right = hash(&Argon2id::new(), least()).unwrap();
    let (fresh, pooled) =
        granting_at_most(1024 * 1024, || (hash(&Argon2id::new(), least()), hash(&pool, least())));
    assert_eq!((fresh, pooled), (Err(HasherError::OutOfMemory), Err(HasherError::OutOfMemory)));
    assert_eq!(pool.memory_kib(), 0);

    // With memory to be had again, the one slot is free and its hash is right.
    assert_eq!(hash(&pool, least()), Ok(right));
    let larger = granting_at_most(8 * 1024 * 1024, || hash(&pool, HashParams::DEFAULT));
    assert_eq!(larger, Err(HasherError::OutOfMemory), "outgrown, and nothing larger to be had");
    assert_eq!(hash(&pool, least()), Ok(right));
}

/// The inspection itself: memory that is not wiped is seen.
#[test]
fn a_block_given_back_with_something_in_it_is_noticed() {
    watch();
    let mut block = vec![0_u8; 8 * 1024 * 1024];
    block[5] = 1;
    assert_eq!(left_behind(), Some(1));
    drop(block);
    assert_eq!((left_behind(), working_memories_given_back()), (None, (1, 1)));
}
