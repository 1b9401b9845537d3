//! A hasher that fails after the charge: the guess stays charged.

use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, World};

use super::count;
use crate::given::*;

#[test]
fn i12_a_hasher_that_fails_after_the_charge_leaves_the_guess_charged() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    world.hasher.set_failing(true);
    for in_flight in 1..=5 {
        assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
        assert_eq!(ledger(&world, &phone), Some((0, in_flight)));
    }
    assert_eq!(world.journal.refusals(phone.owner).len(), 5);
    world.hasher.set_failing(false);
    let hashed = world.hasher.count();
    adds_exhaustion(&world, &mut phone);
    assert_eq!(world.hasher.count(), hashed);
}

/// The right PIN comes too late: five are charged, so the attempt wipes.
fn adds_exhaustion(world: &World, phone: &mut Phone<'_>) {
    assert_eq!(phone.unlock(PIN), Err(Code::PinExhausted));
    let last = newest_refusal(world, phone.owner);
    assert_eq!(last, Refusal::because(Code::PinExhausted, Cause::GuessesInFlight));
    assert_eq!(count(&trail(world, phone), Change::PinExhausted), 1);
    assert_eq!(ledger(world, phone), None);
    refused(world, phone.owner, Code::PinExhausted, || phone.unlock(PIN));
}

#[test]
fn i12_a_right_pin_refunds_itself_and_the_failures_and_no_other_guess() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::Unavailable));
    world.hasher.set_failing(false);
    assert_eq!(ledger(&world, &phone), Some((2, 2)));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 2)));
    phone.lock().unwrap();
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((2, 2)));
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::IncorrectPin));
    adds_exhaustion(&world, &mut phone);
}

#[test]
fn i12_a_biometric_success_refunds_no_guess_in_flight() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    world.hasher.set_failing(true);
    for _ in 0..5 {
        assert_eq!(phone.unlock(WRONG_PIN), Err(Code::Unavailable));
    }
    world.hasher.set_failing(false);
    phone.unlock_by(Modality::Face).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 5)));
    assert_eq!(phone.change_pin(PIN, ANOTHER_PIN), Err(Code::PinExhausted));
    assert_eq!(phone.state(), SessionState::PinExhausted);
}
