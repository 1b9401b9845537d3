//! Entering a PIN: the right one, the first four wrong ones, and what is no entry at all.

use pinlatch::people::ChargeableService::Travel;
use pinlatch::pin::ATTEMPT_LIMIT;
use pinlatch::refusal::RefusalCode::PinMalformed;
use pinlatch::refusal::{Cause, RefusalCode};
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{PIN, WRONG_PIN, World};

use super::{INCORRECT, shown};
use crate::given::*;

#[test]
fn r11_the_right_pin_opens_the_lock_without_strong_authentication() {
    for failures in 0..=4_u8 {
        let world = World::new();
        let anna = world.employee();
        let mut phone = locked_phone(&world, anna);
        let old = same_session(&phone);
        let _ = phone.mistype(usize::from(failures));
        assert_eq!(enrolled(&world, &phone), Some((failures, failures, BOTH.to_vec())));

        let hashed = world.hasher.count();
        let seen = changes(&world, anna, || phone.unlock(PIN).unwrap());
        assert_eq!(seen, [Change::UnlockedByPin]);
        assert_eq!(world.hasher.count(), hashed + 1, "one comparison");
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert_eq!(enrolled(&world, &phone), Some((0, 0, BOTH.to_vec())));
        assert_ne!(old.expose(), same_session(&phone).expose());
        assert!(!is_live(&world, &old));
        assert!(is_live(&world, &same_session(&phone)));
    }
}

#[test]
fn r11_d05_the_right_pin_takes_back_the_failures_and_no_guess_that_was_never_settled() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let _ = phone.mistype(3);
    // This guess is charged, and then the hasher fails: whether it was right is never known.
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::Unavailable));
    world.hasher.set_failing(false);
    assert_eq!(enrolled(&world, &phone), Some((3, 4, BOTH.to_vec())));

    phone.unlock(PIN).unwrap();
    assert_eq!(enrolled(&world, &phone), Some((0, 1, BOTH.to_vec())));
}

#[test]
fn r12_each_of_the_first_four_wrong_pins_counts_one_and_says_so() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let phone = locked_phone(&world, anna);
    let tablet = locked_phone(&world, anna);
    locked_phone(&world, otto);
    let (token, others) = (same_device(&phone), row(&world, &tablet));
    for failures in 1..=4 {
        let hashed = world.hasher.count();
        let seen = changes(&world, anna, || {
            unnoticed_by(&world, &[otto], || assert_eq!(shown(&world, &token), INCORRECT));
        });
        assert_eq!(seen, [Change::PinRejected { failures }]);
        assert_eq!(world.hasher.count(), hashed + 1);
        assert_eq!(phone.state(), SessionState::Locked);
        assert_eq!(enrolled(&world, &phone), Some((failures, failures, BOTH.to_vec())));
        assert_eq!(row(&world, &tablet), others);
    }
    assert_eq!(world.journal.refusals(anna), [], "it is in the trail as a transition, once");
}

#[test]
fn r12_a_malformed_entry_costs_no_try() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    for _ in 0..6 {
        refused(&world, anna, PinMalformed, || phone.unlock("2849"));
        refused(&world, anna, PinMalformed, || phone.unlock("28491700"));
    }
    world.change(anna, only(job(&[Travel])));
    phone.unlock(PIN).unwrap();
}

#[test]
fn d01_a_pin_reopens_the_lock_and_a_closed_app_and_never_a_log_out() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    // Closed, and the host restarted besides.
    phone.lock().unwrap();
    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    phone.unlock(PIN).unwrap();

    phone.log_out().unwrap();
    refused(&restarted, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
    // Nor does the PIN of before open the device once it is authenticated again.
    phone.sign_in().unwrap();
    refused(&restarted, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
}

#[test]
fn d03_d04_five_wrong_pins_give_five_messages_one_each() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let hashed = world.hasher.count();
    let mut answers = Vec::new();
    let seen = changes(&world, anna, || {
        answers = (0..5).map(|_| phone.unlock(WRONG_PIN).unwrap_err()).collect();
    });
    let incorrect = RefusalCode::IncorrectPin;
    assert_eq!(answers, [incorrect, incorrect, incorrect, incorrect, RefusalCode::PinExhausted]);
    let rejected = |failures| Change::PinRejected { failures };
    assert_eq!(seen, [rejected(1), rejected(2), rejected(3), rejected(4), Change::PinExhausted]);
    assert_eq!(world.hasher.count(), hashed + u64::from(ATTEMPT_LIMIT));
    assert_eq!(ATTEMPT_LIMIT, 5);
}

#[test]
fn d05_the_right_pin_resets_the_count_and_a_restart_does_not() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    phone.unlock(PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);

    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    assert_eq!(enrolled(&restarted, &phone).unwrap().0, 4);
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
}

#[test]
fn e04_four_wrong_one_right_four_wrong_is_locked_with_four() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
    let rejected = trail(&world, &phone).into_iter().filter_map(|change| match change {
        Change::PinRejected { failures } => Some(failures),
        _ => None,
    });
    assert_eq!(rejected.collect::<Vec<_>>(), [1, 2, 3, 4, 1, 2, 3, 4]);
    assert!(world.journal.refusals(phone.owner).is_empty(), "a counted wrong PIN is an event, not a refusal");
}

#[test]
fn e04_a_restart_between_the_fourth_and_the_fifth_wrong_pin_changes_nothing() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    adds(&restarted, &mut phone, &[Change::PinExhausted], |phone| {
        assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
    });
    assert_eq!(phone.state(), SessionState::PinExhausted);
    assert_eq!(restarted.hasher.count(), 1);
}

#[test]
fn e29_a_wrong_length_is_no_attempt_at_the_lock_either() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    for entry in ["2849", "28491", "2849170", "284917284917"] {
        refused(&world, phone.owner, RefusalCode::PinMalformed, || phone.unlock(entry));
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    assert_eq!(newest_refusal(&world, phone.owner).cause(), Cause::WrongLength);
}
