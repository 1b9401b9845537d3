//! A hasher that fails after the charge: the guess stays charged until it is void, and costs nothing.

use pinlatch::refusal::{Cause, NextStep, Refusal, RefusalCode as Code};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, World, seconds};

use super::count;
use crate::given::*;

/// Enters a PIN while the hasher fails.
fn unanswered(world: &World, phone: &mut Phone<'_>, entry: &str) {
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(entry), Err(Code::Unavailable));
    world.hasher.set_failing(false);
}

#[test]
fn d24_i12_a_hasher_that_fails_after_the_charge_leaves_the_guess_charged_and_costs_no_pin() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    for in_flight in 1..=5 {
        unanswered(&world, &mut phone, PIN);
        assert_eq!(ledger(&world, &phone), Some((0, in_flight)));
        world.wait(seconds(10));
    }
    assert_eq!(world.journal.refusals(phone.owner).len(), 5);
    // The eldest was charged 50 seconds ago, and is void after 180 and a millisecond.
    refused(&world, phone.owner, Code::GuessesInFlight, || phone.unlock(PIN));
    let after = UNTIL_VOID - seconds(50);
    let told = newest_refusal(&world, phone.owner);
    assert_eq!(told, Refusal::new(Code::GuessesInFlight).leading_to(NextStep::TryAgain { after }));
    assert_eq!(phone.state(), SessionState::Locked);
    world.wait(after);
    adds(&world, &mut phone, &[Change::UnlockedByPin], |phone| phone.unlock(PIN).unwrap());
}

#[test]
fn i12_a_right_pin_refunds_itself_and_the_failures_and_no_other_guess() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    unanswered(&world, &mut phone, PIN);
    unanswered(&world, &mut phone, WRONG_PIN);
    assert_eq!(ledger(&world, &phone), Some((2, 2)));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 2)));
    phone.lock().unwrap();
    assert_eq!(phone.mistype(3), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((3, 2)));
    refused(&world, phone.owner, Code::GuessesInFlight, || phone.unlock(WRONG_PIN));
    assert_eq!(count(&trail(&world, &phone), Change::PinExhausted), 0);
    world.wait(UNTIL_VOID);
    assert_eq!(phone.mistype(1), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
}

#[test]
fn i12_d05_a_biometric_success_refunds_no_guess_in_flight() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    for _ in 0..5 {
        unanswered(&world, &mut phone, WRONG_PIN);
    }
    phone.unlock_by(Modality::Face).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 5)));
    let cause = refused(&world, phone.owner, Code::GuessesInFlight, || phone.change_pin(PIN, ANOTHER_PIN));
    assert_eq!(cause, Cause::AsCoded);
    assert_eq!(phone.state(), SessionState::Authenticated);
    world.wait(UNTIL_VOID);
    phone.change_pin(PIN, ANOTHER_PIN).unwrap();
}
