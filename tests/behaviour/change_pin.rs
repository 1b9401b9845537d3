//! Changing the PIN: it needs the current one, and a wrong one counts.

use pinlatch::account::PinEntries;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;

#[test]
fn e29_changing_the_pin_needs_the_current_one_which_counts_as_an_attempt() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    phone.unlock(PIN).unwrap();
    let session = same_session(&phone);
    assert_eq!(phone.change_pin(WRONG_PIN, ANOTHER_PIN), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((1, 0)));
    adds(&world, &mut phone, &[Change::PinChanged], |phone| phone.change_pin(PIN, ANOTHER_PIN).unwrap());
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    assert_eq!(answer_to(&world, &session), Ok(()), "the session goes on");
    phone.lock().unwrap();
    assert_eq!(phone.unlock(PIN), Err(Code::IncorrectPin));
    phone.unlock(ANOTHER_PIN).unwrap();
}

#[test]
fn e29_the_fifth_wrong_current_pin_exhausts_and_ends_the_session() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(3), Err(Code::IncorrectPin));
    phone.unlock(PIN).unwrap();
    for failures in 1..=4 {
        adds(&world, &mut phone, &[Change::PinRejected { failures }], |phone| {
            assert_eq!(phone.change_pin(WRONG_PIN, ANOTHER_PIN), Err(Code::IncorrectPin));
        });
    }
    adds(&world, &mut phone, &[Change::PinExhausted], |phone| {
        assert_eq!(phone.change_pin(WRONG_PIN, ANOTHER_PIN), Err(Code::PinExhausted));
    });
    assert_eq!(phone.state(), SessionState::PinExhausted);
    refused(&world, phone.owner, Code::SessionRequired, || phone.check());
    refused(&world, phone.owner, Code::SessionRequired, || phone.change_pin(PIN, ANOTHER_PIN));
}

#[test]
fn e29_the_same_pin_and_a_new_pin_that_no_policy_accepts_cost_no_try() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    phone.unlock(PIN).unwrap();
    let anna = phone.owner;
    refused(&world, anna, Code::PinUnchanged, || phone.change_pin(PIN, PIN));
    refused(&world, anna, Code::PinTooWeak, || phone.change_pin(PIN, "123456"));
    refused(&world, anna, Code::PinMalformed, || phone.change_pin(PIN, "53064"));
    refused(&world, anna, Code::PinMalformed, || phone.change_pin("2849", ANOTHER_PIN));
    refused(&world, anna, Code::PinMismatch, || {
        let new = PinEntries { pin: digits(ANOTHER_PIN), confirmation: digits("530649") };
        let (session, words) = (same_session(&phone), PersonalWords::none());
        let changed = world.gate.blocking().change_pin(&session, &digits(PIN), &new, &words, &UNMODIFIED);
        changed.map_err(|error| error.code())
    });
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
}
