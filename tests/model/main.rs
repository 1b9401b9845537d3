//! Random lives of people and phones, lived by the crate and by a naive model in step: after every
//! command both must agree, and the invariants I01–I14 must hold.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod around;
mod choose;
mod commands;
mod coverage;
mod facts;
mod follow;
mod invariants;
mod observed;
mod people;
mod permissions;
mod play;
mod real;
mod record;
mod reference;
mod rights;

use std::cell::RefCell;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use commands::{Life, Setting, lives};
use coverage::Coverage;
use play::{Broken, live};

/// Sequences in a normal run, over all tests; `PINLATCH_SEQUENCES` asks for another number.
const SEQUENCES: u32 = 6_000;
/// Fewer say nothing about what is covered.
const ENOUGH_TO_COVER: u32 = 2_000;
/// Each test has a seed of its own; runs are the same every time.
const SEEDS: [u8; 2] = [1, 2];

fn sequences() -> u32 {
    let asked = std::env::var("PINLATCH_SEQUENCES").ok().and_then(|text| text.parse().ok());
    asked.unwrap_or(SEQUENCES).max(2)
}

/// Lives that many lives; the shortest that fails, if one does.
fn run(setting: Setting, seed: u8, cases: u32, broken: Broken) -> (Coverage, Result<(), (String, Life)>) {
    // A flaw on purpose need not be shrunk.
    let max_shrink_iters = if broken == Broken::Nothing { 2_000 } else { 0 };
    let config = Config { cases, max_shrink_iters, failure_persistence: None, ..Config::default() };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let coverage = RefCell::new(Coverage::default());
    let result = TestRunner::new_with_rng(config, rng).run(&lives(setting), |life| {
        live(&life, broken, &mut coverage.borrow_mut(), false).map_err(TestCaseError::fail)
    });
    let result = result.map_err(|error| match error {
        TestError::Fail(reason, life) => (reason.to_string(), life),
        TestError::Abort(reason) => panic!("{reason}"),
    });
    (coverage.into_inner(), result)
}

fn lives_follow_the_rules(setting: Setting, seed: u8) {
    let cases = sequences() / 2;
    let (coverage, result) = run(setting, seed, cases, Broken::Nothing);
    println!("{setting:?}, seed={seed}: {}", coverage.line(u64::from(result.is_err())));
    if let Err((reason, life)) = result {
        let told = live(&life, Broken::Nothing, &mut Coverage::default(), true);
        panic!("{}\n{life:?}\n{reason}", told.err().unwrap_or_default());
    }
    if cases * 2 >= ENOUGH_TO_COVER {
        coverage.assert_wide(setting == Setting::Tight);
    }
}

#[test]
fn i01_i13_random_lives_follow_the_rules() {
    lives_follow_the_rules(Setting::Default, SEEDS[0]);
}

#[test]
fn i01_i13_random_lives_under_tight_policies_follow_the_rules() {
    lives_follow_the_rules(Setting::Tight, SEEDS[1]);
}

/// The negative control: each of these flaws is found within few lives.
#[test]
fn i12_a_broken_model_or_store_is_found() {
    let flaws = [
        Broken::SixAttempts,
        Broken::SpendsAreLost,
        Broken::SpendsAreLostUnderInvariants,
        Broken::RecordsComeBack,
    ];
    for broken in flaws {
        let (coverage, result) = run(Setting::Default, SEEDS[0], 200, broken);
        let (reason, _) = result.expect_err(&format!("{broken:?} was not found"));
        println!("{broken:?} found after {} sequences: {reason}", coverage.sequences);
    }
}
