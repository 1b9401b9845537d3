//! Writing and reading in one word, and values drawn at random, the same in every run.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Values drawn for one property. Each takes microseconds.
const CASES: u32 = 4_000;

/// Values drawn for a property of a whole value, which is written and read several times.
const FEWER_CASES: u32 = 600;

pub(crate) fn for_all<S: Strategy>(values: S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    run(CASES, values, check);
}

pub(crate) fn for_some<S: Strategy>(values: S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    run(FEWER_CASES, values, check);
}

fn run<S: Strategy>(cases: u32, values: S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    TestRunner::new_with_rng(config, rng).run(&values, check).unwrap();
}

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

pub(crate) fn compact(value: &impl Serialize) -> Vec<u8> {
    postcard::to_allocvec(value).unwrap()
}

pub(crate) fn from_compact<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, postcard::Error> {
    let (value, rest) = postcard::take_from_bytes(bytes)?;
    if rest.is_empty() { Ok(value) } else { Err(postcard::Error::DeserializeBadEncoding) }
}

/// Reads as `value` from both forms, and from nothing shorter.
#[track_caller]
pub(crate) fn reads_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    assert_eq!(&from_json::<T>(&json(value)).unwrap(), value);
    let bytes = compact(value);
    assert_eq!(&from_compact::<T>(&bytes).unwrap(), value);
    assert!(from_compact::<T>(&bytes[..bytes.len() - 1]).is_err());
}

/// Does not compile if the type has the trait: `method` would then be of two traits at once.
macro_rules! lacks {
    ($type:ty, $trait:ident) => {
        const _: fn() = || {
            trait AmbiguousIfBoth<Marker> {
                fn method() {}
            }
            struct HasIt;
            impl<T: ?Sized> AmbiguousIfBoth<()> for T {}
            impl<T: ?Sized + $trait> AmbiguousIfBoth<HasIt> for T {}
            let _ = <$type as AmbiguousIfBoth<_>>::method;
        };
    };
}
pub(crate) use lacks;

/// Does not compile if the type lacks the trait.
macro_rules! has {
    ($type:ty, $trait:ident) => {
        const _: fn() = || {
            const fn has_it<T: ?Sized + $trait>() {}
            has_it::<$type>();
        };
    };
}
pub(crate) use has;
