//! A simulation of whole hosts under one seed: many people with several phones each, several gate
//! instances at once on one store, whose commands take turns wherever they wait; a store that loses
//! replies and requests, writes late, is slow and crashes; clocks that differ and jump both ways; a
//! journal that is down for a while; requests sent twice and dropped.
//!
//! Every write that reaches the store is one step of one command, in an order that the store has
//! decided. The naive model of `tests/model` takes the same step: the record must be what the model
//! says, the events must be those that the model expects, and the answer that the client gets, if it
//! gets one, must be the one of the step. Between two steps a command is before or after; which of
//! both, a lost reply does not tell the client, but the next write tells the model.
//!
//! `PINLATCH_SIMULATION_COMMANDS` asks for another number of commands, `PINLATCH_SIMULATION_SEED`
//! for another seed: the same seed and number are the same run, command by command.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

mod answers;
mod clients;
mod ending;
mod errand;
mod gates;
mod log;
mod mishaps;
mod random;
mod send;
mod steps;
mod tally;
mod town;

/// The naive model and its view of the crate, as the random lives have them.
#[path = "../model"]
#[allow(dead_code, reason = "the random lives use the rest")]
mod model {
    pub(crate) mod around;
    pub(crate) mod choose;
    pub(crate) mod commands;
    pub(crate) mod facts;
    pub(crate) mod follow;
    pub(crate) mod invariants;
    pub(crate) mod observed;
    pub(crate) mod people;
    pub(crate) mod real;
    pub(crate) mod reference;
    pub(crate) mod rights;
}
use model::{around, choose, commands, facts, follow, invariants, observed, people, real, reference, rights};

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use gates::Bug;
use tally::Tally;
use town::Town;

/// Commands in a normal run.
const COMMANDS: u64 = 60_000;
const SEED: u64 = 20_261_122;
/// A town lives for so many commands; then there is another one.
const COMMANDS_OF_A_TOWN: u64 = 150;
const THREADS: usize = 2;

fn asked(name: &str) -> Option<u64> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{name} is a number, not {text}")))
}

/// Lets towns live until there were so many commands, or until the first flaw.
fn simulate(seed: u64, commands: u64, bug: Bug) -> (Tally, Option<String>) {
    let towns = commands.div_ceil(COMMANDS_OF_A_TOWN);
    let (next, found) = (AtomicU64::new(0), AtomicBool::new(false));
    let result = Mutex::new((Tally::default(), None));
    let work = || {
        while !found.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= towns {
                break;
            }
            let length = COMMANDS_OF_A_TOWN.min(commands - number * COMMANDS_OF_A_TOWN);
            let (tally, flaw) = Town::new(random::town(seed, number), bug).live(length);
            let mut result = result.lock().unwrap();
            result.0.add(&tally);
            if let Some(flaw) = flaw {
                found.store(true, Ordering::Relaxed);
                let told = format!("town {number} of seed {seed}:\n{flaw}");
                // The first one by number, whichever thread was faster.
                result.1 = result.1.take().into_iter().chain([(number, told)]).min();
            }
        }
    };
    thread::scope(|scope| (0..THREADS).for_each(|_| drop(scope.spawn(work))));
    let (tally, flaw) = result.into_inner().unwrap();
    (tally, flaw.map(|(_, told)| told))
}

#[test]
fn i01_i13_a_simulated_town_follows_the_rules_whatever_its_store_clocks_and_journal_do() {
    let seed = asked("PINLATCH_SIMULATION_SEED").unwrap_or(SEED);
    let commands = asked("PINLATCH_SIMULATION_COMMANDS").unwrap_or(COMMANDS);
    let (tally, flaw) = simulate(seed, commands, Bug::None);
    println!("seed={seed} {tally} violations={}", u64::from(flaw.is_some()));
    assert!(flaw.is_none(), "{}", flaw.unwrap_or_default());
    assert_eq!(tally.commands, commands);
    tally.assert_wide();
}

#[test]
fn a_seed_is_the_same_run_again() {
    let run = || {
        let (tally, flaw) = simulate(7, 1_500, Bug::None);
        assert!(flaw.is_none(), "{}", flaw.unwrap_or_default());
        tally.to_string()
    };
    assert_eq!(run(), run());
}

/// The negative control: each of these bugs is found.
#[test]
fn i11_i12_a_broken_store_or_journal_is_found() {
    for bug in Bug::ALL {
        let (tally, flaw) = simulate(SEED, COMMANDS, bug);
        let flaw = flaw.unwrap_or_else(|| panic!("{bug:?} was not found"));
        let last = flaw.lines().last().unwrap_or_default();
        println!("{bug:?} was found after {} commands: {last}", tally.commands);
    }
}
