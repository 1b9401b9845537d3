//! Writing and reading in one word, and values drawn at random, the same in every run.

use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Values drawn for one property. Each takes microseconds.
const CASES: u32 = 4_000;

pub(crate) fn for_all<S: Strategy>(values: S, check: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
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
