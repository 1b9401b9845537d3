//! The checks that race real threads. They find what step-by-step checks cannot: a gap between
//! comparing and writing.

extern crate std;

use alloc::format;
use alloc::vec::Vec;
use std::sync::Barrier;
use std::thread;

use super::executor::{Task, finish};
use super::fixture::Fixture;
use super::probe::{Checked, Stop, bytes, ensure, key, swap, write};
use super::report::outcome;
use super::report::{Check, Outcome};
use crate::host::{Expect, Key, Store, Swap};

const THREADS: u8 = 8;
const ROUNDS: u8 = 40;

const ONE_CREATES: Check = Check {
    name: "of_many_creating_at_once_one_succeeds",
    expected: "of 8 threads creating one record at once exactly one is answered `Applied`, and its bytes stay",
    otherwise: "two first sign-ins overwrite each other, and one device's state is lost",
};

const ONE_SWAPS: Check = Check {
    name: "of_many_holding_one_version_one_succeeds",
    expected: "of 8 threads writing at one version exactly one is answered `Applied`, and its bytes stay",
    otherwise: "guesses that arrive together are compared without being counted",
};

/// Races real threads against a store.
pub(super) fn run<F: Fixture>(fixture: &F, block_on: &(impl Fn(Task<'_>) + Sync)) -> Vec<(Check, Outcome)> {
    let races = [(ONE_CREATES, true), (ONE_SWAPS, false)];
    races.map(|(check, creating)| (check, outcome(race(fixture, creating, block_on)))).into()
}

fn race<F: Fixture>(fixture: &F, creating: bool, block_on: &(impl Fn(Task<'_>) + Sync)) -> Checked {
    let store = finish(block_on, fixture.fresh())?;
    for round in 0..ROUNDS {
        let key = key(round.into());
        let expect = match creating {
            true => Expect::Absent,
            false => Expect::At(finish(block_on, write(&store, &key, Expect::Absent, b"before"))??),
        };
        let winners = winners(&store, &key, expect, block_on)?;
        let kept = finish(block_on, bytes(&store, &key))??;
        let one = <[u8; 1]>::try_from(winners.as_slice());
        let Ok([winner]) = one else {
            return ensure(false, &format!("{} of {THREADS} threads were answered Applied", winners.len()));
        };
        ensure(
            kept == Some([winner].into()),
            "the record does not hold the bytes of the one that was Applied",
        )?;
    }
    Ok(())
}

/// Which of the threads, all started at once, were answered `Applied`.
fn winners<S: Store>(
    store: &S,
    key: &Key,
    expect: Expect,
    block_on: &(impl Fn(Task<'_>) + Sync),
) -> Result<Vec<u8>, Stop> {
    let start = Barrier::new(THREADS.into());
    let one = &|thread: u8| {
        start.wait();
        finish(block_on, swap(store, key, expect, &[thread]))
            .and_then(|answer| answer)
            .map(|answer| (thread, answer))
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let running: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || one(thread))).collect();
        running.into_iter().map(thread::ScopedJoinHandle::join).collect()
    });
    let mut winners = Vec::new();
    for answer in answers {
        match answer.map_err(|_| Stop::Failed("a thread panicked".into()))?? {
            (thread, Swap::Applied(_)) => winners.push(thread),
            (_, Swap::Conflict | Swap::Unknown) => {}
        }
    }
    Ok(winners)
}
