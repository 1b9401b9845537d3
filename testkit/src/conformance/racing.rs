//! The checks that race real threads, spread over two handles if the fixture has another. They find
//! under load what the step-by-step checks find by a hook: a gap between comparing and writing.

use std::sync::Barrier;
use std::thread;

use super::async_fixture::AsyncFixture;
use super::executor::{Task, finish};
use super::hooks::Hooks;
use super::probe::{Checked, Stop, bytes, ensure, key, swap, write};
use super::races::RACES;
use super::report::{Check, Outcome};
use pinlatch::host::{Expect, Key, Store, Swap};

const THREADS: u8 = 8;
const ROUNDS: u8 = 40;

/// Races real threads against a store.
pub(super) fn run<F: AsyncFixture>(
    fixture: &F,
    block_on: &(impl Fn(Task<'_>) + Sync),
) -> Vec<(Check, Outcome)> {
    let [creating, swapping] = RACES;
    let races = [(creating, true), (swapping, false)];
    let found = |(check, creating)| {
        let hooks = Hooks::of(fixture);
        let checked = race(&hooks, creating, block_on);
        (check, hooks.outcome(checked))
    };
    races.map(found).into()
}

fn race<F: AsyncFixture>(
    hooks: &Hooks<'_, F>,
    creating: bool,
    block_on: &(impl Fn(Task<'_>) + Sync),
) -> Checked {
    let store = finish(block_on, hooks.fresh())??;
    let other = finish(block_on, hooks.another_if_any(&store))??;
    let handles = [&store, other.as_ref().unwrap_or(&store)];
    for round in 0..ROUNDS {
        let key = key(round.into());
        let expect = if creating {
            Expect::Absent
        } else {
            Expect::At(finish(block_on, write(&store, &key, Expect::Absent, b"before"))??)
        };
        let winners = winners(handles, &key, expect, block_on)?;
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
    handles: [&S; 2],
    key: &Key,
    expect: Expect,
    block_on: &(impl Fn(Task<'_>) + Sync),
) -> Result<Vec<u8>, Stop> {
    let start = Barrier::new(THREADS.into());
    let one = &|thread: u8, store: &S| {
        start.wait();
        finish(block_on, swap(store, key, expect, &[thread]))
            .and_then(|answer| answer)
            .map(|answer| (thread, answer))
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let threads = (0..THREADS).zip(handles.into_iter().cycle());
        let running: Vec<_> =
            threads.map(|(thread, store)| scope.spawn(move || one(thread, store))).collect();
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
