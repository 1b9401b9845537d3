//! The open app, opened anew: what a phone does that lost its session token, and the step-up.

use std::time::Duration;

use pinlatch::account::{LastOpened, Policy, Wanted};
use pinlatch::host::Clock;
use pinlatch::people::{ChargeableService, Function};
use pinlatch::refusal::{Cause, NextStep, RefusalCode as Code};
use pinlatch::session::{Change, Modality, OpenedBy, SessionState};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, days, hours, millis, minutes,
};

use crate::given::*;

#[test]
fn d26_a_phone_that_lost_its_session_token_opens_the_open_app_anew() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let lost = same_session(&phone);
    // The app was killed, or the reply was lost: the phone has its device token, and no session.
    phone.session = None;
    assert_eq!(phone.state(), SessionState::Authenticated);
    let hashed = world.hasher.count();
    adds(&world, &mut phone, &[Change::UnlockedByPin], |phone| phone.unlock(PIN).unwrap());
    assert_eq!(world.hasher.count(), hashed + 1, "a guess like any other");
    assert_eq!(phone.state(), SessionState::Authenticated);
    refused(&world, phone.owner, Code::SessionRequired, || answer_to(&world, &lost));
    assert!(is_live(&world, &same_session(&phone)));
}

#[test]
fn d26_a_biometric_opens_the_open_app_anew() {
    for modality in BOTH {
        let world = World::new();
        let mut phone = open_phone_with_biometrics(&world, world.employee());
        let lost = same_session(&phone);
        adds(&world, &mut phone, &[Change::UnlockedByBiometric(modality)], |phone| {
            phone.unlock_by(modality).unwrap();
        });
        refused(&world, phone.owner, Code::SessionRequired, || answer_to(&world, &lost));
        assert!(is_live(&world, &same_session(&phone)));
    }
}

#[test]
fn d26_i06_of_all_the_tokens_of_a_phone_the_newest_alone_is_live() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    let mut dead = Vec::new();
    for round in 0..6 {
        dead.push(same_session(&phone));
        if round % 2 == 0 {
            phone.unlock(PIN).unwrap()
        } else {
            phone.unlock_by(Modality::Face).unwrap()
        }
        assert!(dead.iter().all(|token| !is_live(&world, token)));
        assert!(is_live(&world, &same_session(&phone)));
    }
}

#[test]
fn d26_a_dead_session_token_leads_to_the_pin_which_opens() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    let dead = same_session(&phone);
    phone.unlock(PIN).unwrap();
    let answer = world.gate.blocking().check(&dead, Wanted::session(), &UNMODIFIED);
    let refusal = answer.map(drop).unwrap_err().refusal();
    assert_eq!((refusal.code(), refusal.next_step()), (Code::SessionRequired, NextStep::EnterPin));
    phone.unlock(PIN).unwrap();
    let _ = phone.check().unwrap();
}

#[test]
fn d26_r12_a_wrong_pin_in_the_open_app_counts_and_the_fifth_wipes() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    let session = same_session(&phone);
    for failures in 1..=4 {
        adds(&world, &mut phone, &[Change::PinRejected { failures }], |phone| {
            assert_eq!(phone.unlock(WRONG_PIN), Err(Code::IncorrectPin));
        });
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert!(is_live(&world, &session), "the open session goes on");
        assert_eq!(enrolled(&world, &phone), Some((failures, failures, BOTH.to_vec())));
    }
    // D05: a face does not reset them.
    phone.unlock_by(Modality::Face).unwrap();
    let session = same_session(&phone);
    adds(&world, &mut phone, &[Change::PinExhausted], |phone| {
        assert_eq!(phone.unlock(WRONG_PIN), Err(Code::PinExhausted));
    });
    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinExhausted, None));
    assert!(!is_live(&world, &session));
}

#[test]
fn d26_d05_the_right_pin_in_the_open_app_resets_the_settled_failures() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    assert_eq!(phone.state(), SessionState::Authenticated);
}

#[test]
fn d26_opening_anew_passes_every_guard() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    let anna = phone.owner;
    phone.integrity = Unknown;
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.unlock(PIN));
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.unlock_by(Modality::Face));
    phone.integrity = Unmodified;
    world.change(anna, only(job(&[])));
    refused(&world, anna, Code::NoChargeableService, || phone.unlock(PIN));
    refused(&world, anna, Code::NoChargeableService, || phone.unlock_by(Modality::Face));
    world.change(anna, only(job(&[ChargeableService::Travel])));
    phone.unlock(PIN).unwrap();
}

#[test]
fn d26_d22_opening_anew_is_a_use_and_does_not_prolong_the_lifetime() {
    let policy = Policy::builder().idle_lock(hours(1)).absolute_lifetime(days(1)).build().unwrap();
    let world = World::builder().policy(policy).build();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    for round in 0..47 {
        world.wait(minutes(30));
        if round % 2 == 0 { phone.unlock(PIN).unwrap() } else { phone.unlock_by(Modality::Face).unwrap() }
    }
    world.wait(minutes(29));
    let _ = phone.check().unwrap();
    world.wait(minutes(1));
    assert_eq!(phone.unlock(PIN), Err(Code::AuthenticationRequired));
    assert_eq!(phone.state(), SessionState::LoggedOut);
}

/// Asks for a session that was opened by PIN no longer ago than this.
fn stepped_up(world: &World, phone: &Phone<'_>, span: Duration) -> Result<(), Code> {
    let wanted = Wanted::session().opened_by_pin_within(span);
    code(world.gate.blocking().check(&same_session(phone), wanted, &UNMODIFIED).map(drop))
}

#[test]
fn d26_a_check_may_ask_for_a_pin_within_so_long() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    let anna = phone.owner;
    phone.lock().unwrap();
    phone.unlock(PIN).unwrap();
    world.wait(minutes(4));
    assert_eq!(stepped_up(&world, &phone, minutes(5)), Ok(()));
    world.wait(minutes(1));
    assert_eq!(stepped_up(&world, &phone, minutes(5)), Ok(()), "exactly five");
    world.wait(millis(1));
    let cause = refused(&world, anna, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
    assert_eq!(cause, Cause::PinTooLongAgo);
    world.wait(minutes(1));
    refused(&world, anna, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
    // The session is as good as before for everything else, and using it is no opening.
    let _ = phone.check().unwrap();
    assert_eq!(newest_refusal(&world, anna).next_step(), NextStep::EnterPin);
    refused(&world, anna, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
    // A finger does not do; the PIN does.
    phone.unlock_by(Modality::Fingerprint).unwrap();
    let cause = refused(&world, anna, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
    assert_eq!(cause, Cause::NotOpenedByPin);
    phone.unlock(PIN).unwrap();
    assert_eq!(stepped_up(&world, &phone, minutes(5)), Ok(()));
    // A finger right after the PIN: it was last opened by the finger.
    phone.unlock_by(Modality::Fingerprint).unwrap();
    refused(&world, anna, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
    let _ = phone.check().unwrap();
}

#[test]
fn d26_creating_the_pin_is_an_opening_by_pin_and_changing_it_is_none() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    assert_eq!(stepped_up(&world, &phone, minutes(5)), Ok(()));
    world.wait(minutes(6));
    phone.change_pin(PIN, ANOTHER_PIN).unwrap();
    refused(&world, phone.owner, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
}

#[test]
fn d26_a_function_may_ask_for_it_besides_its_right() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let pay = request(ACME, Function::SalaryInformation, anna);
    let others = request(ACME, Function::SalaryInformation, world.employee());
    let ask = |wanted: &pinlatch::access::Request| {
        let wanted = Wanted::function(wanted).opened_by_pin_within(minutes(5));
        code(world.gate.blocking().check(&same_session(&phone), wanted, &UNMODIFIED).map(drop))
    };
    assert_eq!(ask(&pay), Ok(()));
    assert_eq!(ask(&others), Err(Code::NotOwnData));
    world.wait(minutes(6));
    assert_eq!(ask(&pay), Err(Code::StepUpRequired));
    let _without_it = phone.read(Function::SalaryInformation).unwrap();
}

#[test]
fn d26_e30_a_clock_that_goes_back_makes_no_opening_younger() {
    // Within the skew nothing moves; further back, the account's time stays where it is.
    for back in [minutes(2), hours(3)] {
        let world = World::new();
        let phone = world.open_phone(world.employee()).unwrap();
        world.wait(minutes(6));
        // Something is written, so that the account has seen the time.
        phone.enable(Modality::Face).unwrap();
        refused(&world, phone.owner, Code::StepUpRequired, || stepped_up(&world, &phone, minutes(5)));
        let back = u64::try_from(back.as_millis()).unwrap();
        let earlier = world.clock.now().unwrap().as_unix_millis() - back;
        world.clock.set(Some(Timestamp::from_unix_millis(earlier)));
        let answer = stepped_up(&world, &phone, minutes(5));
        // Three hours are more than the skew: the session was used "later", and is locked (D23).
        let expected = if back > 120_000 { Code::SessionRequired } else { Code::StepUpRequired };
        assert_eq!(answer, Err(expected));
    }
}

#[test]
fn d26_without_a_clock_nobody_is_stepped_up() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    world.clock.set(None);
    refused(&world, phone.owner, Code::ClockUnavailable, || stepped_up(&world, &phone, minutes(5)));
}

#[test]
fn d26_a_phone_is_shown_when_and_by_what_it_was_last_opened() {
    let world = World::new();
    let mut phone = open_phone_with_biometrics(&world, world.employee());
    let shown = |phone: &Phone<'_>| {
        world.gate.blocking().device_view(&device_of(phone), &UNMODIFIED).unwrap().last_opened.unwrap()
    };
    let at = || world.clock.now().unwrap();
    assert_eq!(shown(&phone), LastOpened { at: at(), by: OpenedBy::Pin });
    world.wait(minutes(1));
    phone.unlock_by(Modality::Face).unwrap();
    let by_face = LastOpened { at: at(), by: OpenedBy::Biometric(Modality::Face) };
    assert_eq!(shown(&phone), by_face);
    world.wait(minutes(1));
    let _ = phone.check().unwrap();
    phone.lock().unwrap();
    assert_eq!(shown(&phone), by_face, "neither a check nor a lock opens");
    phone.unlock(PIN).unwrap();
    assert_eq!(shown(&phone), LastOpened { at: at(), by: OpenedBy::Pin });
}
