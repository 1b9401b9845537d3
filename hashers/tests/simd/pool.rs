//! The pool as a hasher: the same hashes whoever else is hashing, in no more memory than it may have.

use std::num::NonZeroUsize;
use std::thread;

use pinlatch::pin::{Argon2id, HashInput, HashParams, PinHasher};
use pinlatch_hashers::SimdArgon2id;

fn hash(hasher: &dyn PinHasher, params: HashParams, salt: u8) -> [u8; 32] {
    let mut out = [0; 32];
    let input = HashInput { params, salt: &[salt; 16], pepper: Some(&[salt; 32]), message: b"824671" };
    hasher.hash(&input, &mut out).unwrap();
    out
}

#[test]
fn callers_at_once_get_their_own_hashes_in_the_memory_of_two() {
    let hasher = SimdArgon2id::new(NonZeroUsize::new(2).unwrap());
    let sizes =
        [(7_168, 5), (19_456, 2), (12_288, 3), (47_104, 1)].map(|(m, t)| HashParams::new(m, t).unwrap());
    thread::scope(|scope| {
        for caller in 0..4_u8 {
            let hasher = &hasher;
            scope.spawn(move || {
                for (round, params) in (0..).zip(sizes) {
                    let salt = caller * 16 + round;
                    assert_eq!(hash(hasher, params, salt), hash(&Argon2id::new(), params, salt));
                }
            });
        }
    });
    assert!(hasher.memory_kib() <= 2 * 47_104, "more than two memories");
    assert_eq!(hasher.waiting(), 0);
}

#[test]
fn it_holds_nothing_before_the_first_hash_and_the_largest_parameters_after() {
    let hasher = SimdArgon2id::new(NonZeroUsize::new(2).unwrap());
    let other = hasher.clone();
    assert_eq!(hasher.memory_kib(), 0);
    hash(&hasher, HashParams::DEFAULT, 1);
    assert_eq!(other.memory_kib(), 19_456, "clones share the memory");
    hash(&other, HashParams::STRONG, 1);
    assert_eq!(hasher.memory_kib(), 65_536);
    hash(&hasher, HashParams::DEFAULT, 2);
    assert_eq!(hasher.memory_kib(), 65_536);
    other.release_memory();
    assert_eq!(hasher.memory_kib(), 0);
}

#[test]
fn it_says_how_many_slots_it_has_and_how_it_computes() {
    assert_eq!(SimdArgon2id::one_per_core().slots(), thread::available_parallelism().unwrap());
    let hasher = SimdArgon2id::new(NonZeroUsize::new(7).unwrap());
    assert!(["avx512", "avx2", "sse2", "neon", "scalar"].contains(&hasher.instructions()));
    let shown = format!("{hasher:?}");
    let instructions = hasher.instructions();
    assert_eq!(
        shown,
        format!("SimdArgon2id {{ slots: 7, waiting: 0, memory_kib: 0, instructions: {instructions:?} }}")
    );
}
