//! The slow hash under a PIN: its cost is bounded both ways, and it is Argon2id to the last bit.

use argon2::{Algorithm, Argon2, Params, Version};
use pinlatch::pin::{
    Argon2id, HashInput, HashParams, HashParamsError, HasherCheckError, HasherError, PinHasher, check_hasher,
};

const SALT: [u8; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const MESSAGE: &[u8] = b"pinlatch known answer\x00\x01\x02 824671";
const PEPPER: [u8; 32] = *b"@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

/// Our hash of the known message, in hexadecimal.
fn ours(params: HashParams, pepper: Option<&[u8]>) -> String {
    let mut out = [0; 32];
    let input = HashInput { params, salt: &SALT, pepper, message: MESSAGE };
    Argon2id::new().hash(&input, &mut out).unwrap();
    out.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The `argon2` crate's hash of the known message, with memory of its own.
fn direct(memory_kib: u32, passes: u32, pepper: Option<&[u8]>) -> String {
    let params = Params::new(memory_kib, passes, 1, None).unwrap();
    let argon2 = match pepper {
        None => Argon2::new(Algorithm::Argon2id, Version::V0x13, params),
        Some(key) => Argon2::new_with_secret(key, Algorithm::Argon2id, Version::V0x13, params).unwrap(),
    };
    let mut out = [0; 32];
    argon2.hash_password_into(MESSAGE, &SALT, &mut out).unwrap();
    out.iter().map(|byte| format!("{byte:02x}")).collect()
}

mod cost {
    use super::*;

    #[test]
    fn the_default_is_19_mib_in_2_passes_and_the_strong_profile_64_mib_in_3() {
        assert_eq!((HashParams::DEFAULT.memory_kib(), HashParams::DEFAULT.passes()), (19_456, 2));
        assert_eq!((HashParams::STRONG.memory_kib(), HashParams::STRONG.passes()), (65_536, 3));
        assert_eq!(HashParams::default(), HashParams::DEFAULT);
        assert_eq!(HashParams::new(19_456, 2), Ok(HashParams::DEFAULT));
        assert_eq!(HashParams::new(65_536, 3), Ok(HashParams::STRONG));
    }

    #[test]
    fn e32_nothing_below_every_row_of_owasps_table_is_accepted() {
        for (memory, passes) in [(47_104, 1), (19_456, 2), (12_288, 3), (9_216, 4), (7_168, 5)] {
            assert!(HashParams::new(memory, passes).is_ok());
            assert_eq!(HashParams::new(memory - 1, passes), Err(HashParamsError::TooWeak));
            assert_eq!(HashParams::new(memory, passes - 1), Err(HashParamsError::TooWeak));
        }
        for (memory, passes) in [(0, 0), (0, 16), (7_167, 16), (262_144, 0)] {
            assert_eq!(HashParams::new(memory, passes), Err(HashParamsError::TooWeak));
        }
    }

    #[test]
    fn e32_nothing_beyond_256_mib_or_16_passes_is_accepted() {
        assert!(HashParams::new(262_144, 16).is_ok());
        for (memory, passes) in [(262_145, 2), (19_456, 17), (u32::MAX, u32::MAX), (0, 17)] {
            assert_eq!(HashParams::new(memory, passes), Err(HashParamsError::TooCostly));
        }
    }

    #[test]
    fn the_strongest_of_two_is_never_cheaper_than_either() {
        let wide = HashParams::new(47_104, 1).unwrap();
        let long = HashParams::new(7_168, 5).unwrap();
        let both = HashParams::new(47_104, 5).unwrap();
        assert_eq!(wide.strongest(long), both);
        assert_eq!(long.strongest(wide), both);
        assert_eq!(HashParams::STRONG.strongest(HashParams::DEFAULT), HashParams::STRONG);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn e32_parameters_read_from_a_configuration_are_checked() {
        let stored = postcard::to_allocvec(&HashParams::STRONG).unwrap();
        assert_eq!(postcard::from_bytes(&stored), Ok(HashParams::STRONG));
        let weak = postcard::to_allocvec(&(1_024_u32, 1_u32)).unwrap();
        assert!(postcard::from_bytes::<HashParams>(&weak).is_err());
    }
}

mod hash {
    use super::*;

    /// Computed with the reference C implementation through Python's argon2-cffi 25.1:
    /// `low_level.hash_secret_raw(…, Type.ID)`, and `low_level.core` for those with a secret.
    #[test]
    fn it_is_the_reference_implementations() {
        let seven_mib = HashParams::new(7_168, 5).unwrap();
        for (params, pepper, hash) in [
            (HashParams::DEFAULT, None, "d213af89cb611267b2c2d3ce7eee5f17aa4c1c7bd1d33c22288f8681be0b18ce"),
            (seven_mib, None, "2a5ecf1c4980fbc2810729ea0ffd7bba4fd3cfaeb29af3d7a783e89b3de6c5e1"),
            (HashParams::STRONG, None, "f36f0636b2aa5c93acd8919d1d020d3755a6870c7fde9b206926a9782f40d20a"),
            (
                HashParams::DEFAULT,
                Some(&PEPPER[..]),
                "15cb308a75583fc83486f4e15754465fb4b4c3e855cd46941799f2b867abe567",
            ),
            (
                seven_mib,
                Some(&PEPPER[..]),
                "45869ca58730922b25400929a9b62f166ce5a2edeb3ba30572ac95f5eff225f8",
            ),
        ] {
            assert_eq!(ours(params, pepper), hash, "{params:?}");
        }
    }

    #[test]
    fn it_is_the_argon2_crates() {
        let params = HashParams::new(12_288, 3).unwrap();
        assert_eq!(ours(params, None), direct(12_288, 3, None));
        assert_eq!(ours(params, Some(&PEPPER)), direct(12_288, 3, Some(&PEPPER)));
        assert_eq!(ours(params, Some(&PEPPER[..16])), direct(12_288, 3, Some(&PEPPER[..16])));
    }

    #[test]
    fn i13_debug_shows_nothing_of_what_is_hashed() {
        let input =
            HashInput { params: HashParams::DEFAULT, salt: &SALT, pepper: Some(&PEPPER), message: MESSAGE };
        assert_eq!(format!("{input:?}"), "HashInput(redacted)");
        assert_eq!(format!("{input:#?}"), "HashInput(redacted)");
    }
}

mod plugged_in {
    use super::*;

    /// A hasher that passes a changed input on, or fails.
    struct Broken(fn(&mut HashInput<'_>) -> Result<(), HasherError>);

    impl PinHasher for Broken {
        fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
            let mut input = *input;
            (self.0)(&mut input)?;
            Argon2id::new().hash(&input, out)
        }
    }

    /// A hasher that answers the same whatever it is asked.
    struct Constant;

    impl PinHasher for Constant {
        fn hash(&self, _: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
            out.fill(7);
            Ok(())
        }
    }

    fn check(change: fn(&mut HashInput<'_>) -> Result<(), HasherError>) -> Result<(), HasherCheckError> {
        check_hasher(&Broken(change))
    }

    #[test]
    fn a_correct_hasher_passes() {
        assert_eq!(check_hasher(&Argon2id::new()), Ok(()));
        assert_eq!(check(|_| Ok(())), Ok(()));
    }

    #[test]
    fn a_hasher_that_ignores_an_input_is_found_out() {
        fn wrong(found: Result<(), HasherCheckError>) -> bool {
            matches!(found, Err(HasherCheckError::WrongAnswer(_)))
        }
        assert!(wrong(check_hasher(&Constant)));
        assert!(wrong(check(|input| {
            input.pepper = None;
            Ok(())
        })));
        assert!(wrong(check(|input| {
            input.salt = &[0; 16];
            Ok(())
        })));
        assert!(wrong(check(|input| {
            input.message = b"824671";
            Ok(())
        })));
        assert!(wrong(check(|input| {
            input.params = HashParams::DEFAULT;
            Ok(())
        })));
    }

    #[test]
    fn a_hasher_that_fails_is_found_out() {
        let found = check(|_| Err(HasherError::OutOfMemory));
        assert!(matches!(found, Err(HasherCheckError::NoAnswer(_, HasherError::OutOfMemory))));
    }
}
