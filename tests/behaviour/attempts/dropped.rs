//! Requests that are dropped at each point at which they wait.

use pinlatch::account::Event;
use pinlatch::gate::Gate;
use pinlatch::refusal::{Cause, RefusalCode as Code};
use pinlatch_testkit::faults::poll_times;
use pinlatch_testkit::{PIN, UNMODIFIED, World, millis};

use super::shaky::{ShakyHost, Watched, finished, shaky};
use super::use_cases::{Case, Ready, cases};
use crate::given::record_bytes::charged;
use crate::given::*;

/// An honest run, to compare with: the record before, after each swap, and the events.
struct Honest {
    records: Vec<Vec<u8>>,
    events_before: usize,
    events: Vec<Event>,
}

fn honest(case: &Case) -> Honest {
    let world = World::new();
    let ready = case.given.ready(&world);
    let events_before = world.journal.events(ready.person).len();
    let mut records = vec![stored(&world, ready.person).unwrap()];
    let gate = shaky(&world, &[], false, Watched::new(&world.hasher, || {}));
    assert_eq!(finished((case.act)(&gate, &ready)), case.answer);
    records.extend(gate.host().store.applied.lock().unwrap().drain(..));
    assert_eq!(records.len(), 1 + case.swaps);
    Honest { records, events_before, events: world.journal.events(ready.person) }
}

/// Drops the use case after so many looks. Answers whether it was done before that.
fn dropped(case: &Case, honest: &Honest, looks: usize) -> bool {
    let world = World::new();
    let ready = case.given.ready(&world);
    let hashed = world.hasher.count();
    let gate = shaky(&world, &[], true, Watched::new(&world.hasher, || {}));
    let answer = poll_times((case.act)(&gate, &ready), looks);

    let record = stored(&world, ready.person).unwrap();
    let stage = honest.records.iter().position(|known| *known == record);
    let stage =
        stage.unwrap_or_else(|| panic!("{} after {looks} looks: neither before nor after", case.name));
    if case.charges {
        let is_hashed = world.hasher.count() - hashed > 0;
        assert!(!is_hashed || stage > 0, "{}: hashed without a charge", case.name);
        assert_eq!(charged(&record), usize::from(stage == 1), "{}", case.name);
    }
    assert!(answer.is_none() || stage == case.swaps, "{}: answered before it was written", case.name);

    // The next change of the account brings what the journal missed, each event once.
    world.gate.blocking().invite(&ready.actor.session(), ready.actor.company, ready.person).unwrap();
    let events = world.journal.events(ready.person);
    let landed = if stage == case.swaps { honest.events.len() } else { honest.events_before };
    assert_eq!(events[..events.len() - 1], honest.events[..landed], "{} after {looks} looks", case.name);
    assert_eq!(world.journal.contradictions(), 0);
    answer.is_some()
}

#[test]
fn i11_i12_a_request_dropped_anywhere_leaves_the_account_before_or_after_and_a_guess_charged() {
    for case in cases() {
        let honest = honest(&case);
        let points = (0..200).find(|looks| dropped(&case, &honest, *looks)).expect("it ends");
        let least = 2 + 2 * case.swaps;
        assert!(points > least, "{} waits at {points} points only", case.name);
    }
}

/// Begins the use case and drops it as soon as a write was applied.
fn dropped_after_a_write(case: &Case, gate: &Gate<ShakyHost>, ready: &Ready) {
    let mut act = (case.act)(gate, ready);
    let applied = || gate.host().store.applied.lock().unwrap().len();
    let before = applied();
    while applied() == before {
        assert_eq!(poll_times(act.as_mut(), 1), None);
    }
}

#[test]
fn d24_guesses_dropped_after_the_charge_fill_the_ledger_and_are_given_back() {
    let cases = cases();
    let unlock = cases.iter().find(|case| case.name == "unlock_with_pin, wrong").unwrap();
    let world = World::new();
    let ready = unlock.given.ready(&world);
    let gate = shaky(&world, &[], true, Watched::new(&world.hasher, || {}));
    let hashed = world.hasher.count();
    for in_flight in 1..=3 {
        dropped_after_a_write(unlock, &gate, &ready);
        assert_eq!(charged(&stored(&world, ready.person).unwrap()), in_flight);
    }
    let right = || code(world.gate.blocking().unlock_with_pin(&ready.device, &digits(PIN), &UNMODIFIED));
    // Two failures and three in flight: nothing is counted, nothing wiped.
    assert_eq!(refused(&world, ready.person, Code::GuessesInFlight, right), Cause::AsCoded);
    assert_eq!(world.hasher.count(), hashed);
    world.wait(VOID_AFTER + millis(1));
    right().unwrap();
}
