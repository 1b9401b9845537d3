//! As pinlatch calls it: what the default hasher answers, this one answers too.

use pinlatch::pin::{Argon2id, HashInput, HashParams, HasherError, PinHasher, check_hasher};
use pinlatch_hashers::SimdArgon2id;
use proptest::prelude::*;

fn hash(hasher: &dyn PinHasher, input: &HashInput<'_>) -> [u8; 32] {
    let mut out = [0; 32];
    assert_eq!(hasher.hash(input, &mut out), Ok::<(), HasherError>(()));
    out
}

#[test]
fn it_gives_the_known_answers_again_and_again() {
    let hasher = SimdArgon2id::one_per_core();
    for _ in 0..3 {
        assert_eq!(check_hasher(&hasher), Ok(()));
    }
}

#[test]
fn an_empty_pepper_is_none_as_for_the_default_hasher() {
    let input =
        |pepper| HashInput { params: HashParams::DEFAULT, salt: &[1; 16], pepper, message: b"824671" };
    let simd = SimdArgon2id::one_per_core();
    let without = hash(&simd, &input(None));
    assert_eq!(hash(&simd, &input(Some(&[]))), without);
    assert_eq!(hash(&Argon2id::new(), &input(Some(&[]))), without);
    assert_ne!(hash(&simd, &input(Some(&[0]))), without);
}

/// Every cost that a record may ask for, if it is not too slow for a test: up to 48 MiB and 8 passes.
fn params() -> impl Strategy<Value = HashParams> {
    (HashParams::MIN_MEMORY_KIB..=49_152, 1_u32..=8)
        .prop_filter_map("below every row of OWASP's table", |(memory, passes)| {
            HashParams::new(memory, passes).ok()
        })
}

proptest! {
    // Each case is two hashes, of up to 0.2 s.
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn it_gives_the_hashes_of_the_default_hasher(
        params in params(),
        salt: [u8; 16],
        pepper in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..=128)),
        message in proptest::collection::vec(any::<u8>(), 0..=300),
    ) {
        let input = HashInput { params, salt: &salt, pepper: pepper.as_deref(), message: &message };
        prop_assert_eq!(hash(&SimdArgon2id::one_per_core(), &input), hash(&Argon2id::new(), &input));
    }
}
