//! Lost replies, and what each use case costs the store.

use pinlatch::account::Event;
use pinlatch::gate::Gate;
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch_testkit::World;

use super::shaky::{Fault, ShakyHost, Watched, finished, shaky};
use super::use_cases::{Case, Ready, cases};
use super::{meaning, told};
use crate::given::record_bytes::charged;
use crate::given::*;

/// Everything that comes of a use case.
#[derive(Debug, PartialEq)]
struct Outcome {
    person: PersonId,
    /// How many events there were before.
    before: usize,
    answer: Result<(), Code>,
    record: Option<Vec<u8>>,
    new_events: Vec<Event>,
    refusals: Vec<Refusal>,
    hashed: u64,
}

/// A gate whose hasher insists on a durable charge before it compares anything.
fn vigilant(world: &World, case: &Case, ready: &Ready, faults: &[Fault]) -> Gate<ShakyHost> {
    let (store, person, charges) = (world.store.clone(), ready.person, case.charges);
    let hasher = Watched::new(&world.hasher, move || {
        let bytes = store.bytes(&Key::account(person)).unwrap();
        assert!(charges && charged(&bytes) == 1, "nothing is hashed without a durable charge");
    });
    shaky(world, faults, false, hasher)
}

fn played(case: &Case, faults: &[Fault]) -> Outcome {
    played_in(&World::new(), case, faults)
}

fn played_in(world: &World, case: &Case, faults: &[Fault]) -> Outcome {
    let ready = case.given.ready(world);
    let gate = vigilant(world, case, &ready, faults);
    let (hashed, before) = (world.hasher.count(), world.journal.events(ready.person).len());
    let answer = finished((case.act)(&gate, &ready));
    assert_eq!(world.journal.contradictions(), 0);
    Outcome {
        answer,
        record: stored(world, ready.person).map(|record| meaning(&record, ready.person)),
        person: ready.person,
        before,
        new_events: told(&world.journal.events(ready.person)[before..]),
        refusals: world.journal.refusals(ready.person),
        hashed: world.hasher.count() - hashed,
    }
}

/// The events of a use case, and none of the next change, with which the journal learns of them all.
fn after_one_more_change(world: &World, outcome: &Outcome) -> Vec<Event> {
    let _one_more = world.invited(outcome.person).unwrap();
    let mut events = world.journal.events(outcome.person).split_off(outcome.before);
    events.pop();
    told(&events)
}

/// All scripts of these faults, so many swaps long.
fn scripts(length: usize) -> Vec<Vec<Fault>> {
    let kinds = [Fault::Honest, Fault::AppliedUnknown, Fault::LostUnknown, Fault::AppliedConflict];
    (0..length).fold(vec![Vec::new()], |scripts, _| {
        let longer = |script: Vec<Fault>| kinds.map(|fault| [script.as_slice(), &[fault]].concat());
        scripts.into_iter().flat_map(longer).collect()
    })
}

#[test]
fn i11_i12_a_lost_reply_changes_neither_the_answer_nor_anything_that_comes_of_it() {
    for case in cases() {
        let honest = played(&case, &[]);
        assert_eq!(honest.answer, case.answer, "{}", case.name);
        for script in scripts(3) {
            let outcome = played(&case, &script);
            assert_eq!(outcome.answer, honest.answer, "{}: {script:?}", case.name);
            assert!(outcome == honest, "{}: {script:?}", case.name);
        }
    }
}

/// What a command hears that is decided again on what it has done itself: what is drawn is used once (E39),
/// and who asks again finds it done.
fn decided_again(case: &Case) -> Result<(), Code> {
    match case.name {
        "acknowledge" => Err(Code::NothingToAcknowledge),
        "log_out_device" => Err(Code::UnknownDevice),
        "log_out_everywhere" | "check, modified" => Err(Code::SessionRequired),
        "withdraw_invitation" => Err(Code::NoInvitation),
        "unlock_with_biometric" | "invite" | "invite again" => Err(Code::Unavailable),
        name if case.charges || name.starts_with("authenticate") => Err(Code::Unavailable),
        _ => case.answer,
    }
}

#[test]
fn i11_i12_e39_nothing_counts_twice_when_the_record_has_forgotten_the_write() {
    for case in cases() {
        let honest = played(&case, &[]);
        for script in [vec![Fault::Buried], vec![Fault::Honest, Fault::Buried], vec![Fault::Buried; 3]] {
            let is_first = script[0] == Fault::Buried;
            let world = World::new();
            let outcome = played_in(&world, &case, &script);
            let flushed = after_one_more_change(&world, &outcome);
            let expected = match (is_first, case.charges) {
                (true, _) => decided_again(&case),
                // The settlement is written, and found to be done: nobody is told what it was.
                (false, true) if case.name == "create_pin" => Err(Code::PinExists),
                (false, true) => Err(Code::GuessOvertaken),
                (false, false) => case.answer,
            };
            assert_eq!(outcome.answer, expected, "{}: {script:?}", case.name);
            // A charge that lost its command is not compared, and leaves nothing but itself.
            let is_stuck = is_first && case.charges;
            let (events, hashed) = if is_stuck { (&[][..], 0) } else { (&*honest.new_events, honest.hashed) };
            assert_eq!(flushed, events, "{}: {script:?}", case.name);
            assert_eq!(outcome.hashed, hashed, "{}: {script:?}", case.name);
        }
    }
}

#[test]
fn i12_a_store_that_never_answers_gets_no_comparison_and_costs_at_most_the_charge() {
    for case in cases().into_iter().filter(|case| case.swaps > 0) {
        let world = World::new();
        let ready = case.given.ready(&world);
        let before = stored(&world, ready.person);
        let gate = vigilant(&world, &case, &ready, &[Fault::LostUnknown; 500]);
        let hashed = world.hasher.count();
        assert_eq!(finished((case.act)(&gate, &ready)), Err(Code::Unavailable), "{}", case.name);
        assert_eq!(stored(&world, ready.person), before);
        assert_eq!(world.hasher.count(), hashed);
    }
}

#[test]
fn i12_without_contention_a_use_case_loads_once_and_swaps_as_often_as_it_says() {
    for case in cases() {
        let world = World::new();
        let ready = case.given.ready(&world);
        let gate = vigilant(&world, &case, &ready, &[]);
        let (loads, swaps) = world.store.operations();
        assert_eq!(finished((case.act)(&gate, &ready)), case.answer, "{}", case.name);
        let now = world.store.operations();
        assert_eq!((now.0 - loads, now.1 - swaps), (1, case.swaps as u64), "{}", case.name);
    }
}

#[test]
fn i11_an_event_is_in_the_journal_as_soon_as_the_command_answers() {
    for case in cases() {
        let world = World::new();
        let ready = case.given.ready(&world);
        let before = world.journal.events(ready.person).len();
        let gate = vigilant(&world, &case, &ready, &[]);
        assert_eq!(finished((case.act)(&gate, &ready)), case.answer);
        let new = world.journal.events(ready.person).len() - before;
        let expected = match (case.name, case.swaps) {
            ("log_out_everywhere" | "revoke_all", _) => 3,
            ("authenticate, starts over", _) => 2,
            ("deliver_events", _) => 0,
            (_, swaps) => swaps.min(1),
        };
        assert_eq!(new, expected, "{}", case.name);
        let refusals = world.journal.refusals(ready.person).len();
        let is_event = matches!(case.answer, Err(Code::IncorrectPin | Code::PinExhausted) if case.swaps == 2);
        let given = usize::from(case.name.ends_with("exhausted") && case.swaps == 0);
        assert_eq!(refusals, usize::from(case.answer.is_err() && !is_event).max(given), "{}", case.name);
    }
}
