//! Creating a PIN: nothing can be used before, everything at once after.

use pinlatch::account::Policy;
use pinlatch::people::Function;
use pinlatch::pin::{PinLength, PinPolicy};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;

#[test]
fn r06_before_the_pin_is_created_nothing_can_be_used() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);

    refused(&world, anna, RefusalCode::PinRequired, || phone.lock());
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock_by(Modality::Face));
    let usable = |world: &World| {
        let account = world.account(anna).unwrap();
        account.device_sessions()[0].session().usable()
    };
    assert_eq!(usable(&world), Err(Refusal::new(RefusalCode::PinRequired)));
    assert_eq!(phone.state(), SessionState::PinPending);

    // There is no session token yet; one made of the device token's secret is none.
    let forged = phone.token.as_ref().unwrap().expose().replace(DeviceToken::PREFIX, SessionToken::PREFIX);
    phone.session = Some(SessionToken::parse(&forged).unwrap());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.read(Function::WorkingHours));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.log_out_everywhere());
}

#[test]
fn r07_two_equal_entries_make_a_pin_with_no_failures() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    let seen = changes(&world, anna, || phone.create_pin(PIN).unwrap());
    assert_eq!(seen, [Change::PinCreated]);
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
    assert_eq!(world.hasher.count(), 1);
    refused(&world, anna, RefusalCode::PinExists, || phone.create_pin(ANOTHER_PIN));
}

#[test]
fn r07_a_pin_is_personal_to_the_account_and_the_device() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let mut phone = world.open_phone(anna).unwrap();
    let mut tablet = pending_phone(&world, anna);
    tablet.create_pin(ANOTHER_PIN).unwrap();
    let ottos = world.open_phone(otto).unwrap();
    phone.lock().unwrap();
    tablet.lock().unwrap();
    ottos.lock().unwrap();

    // Neither device knows the other's PIN, and a failure here counts here only.
    unnoticed_by(&world, &[otto], || {
        assert_eq!(phone.unlock(ANOTHER_PIN), Err(RefusalCode::IncorrectPin));
        assert_eq!(enrolled(&world, &tablet), Some((0, 0, vec![])));
        assert_eq!(tablet.unlock(PIN), Err(RefusalCode::IncorrectPin));
        assert_eq!(enrolled(&world, &phone), Some((1, 1, vec![])));
        phone.unlock(PIN).unwrap();
        tablet.unlock(ANOTHER_PIN).unwrap();
    });
}

#[test]
fn r08_entries_that_differ_or_break_the_policy_store_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    let attempts = [
        (PIN, ANOTHER_PIN, RefusalCode::PinMismatch, Cause::AsCoded),
        ("2849", "2849", RefusalCode::PinMalformed, Cause::WrongLength),
        ("2849170", "2849170", RefusalCode::PinMalformed, Cause::WrongLength),
        ("123456", "123456", RefusalCode::PinTooWeak, Cause::WeakByRule),
        (WRONG_PIN, WRONG_PIN, RefusalCode::PinTooWeak, Cause::WeakByRule),
    ];
    for (first, second, code, cause) in attempts {
        assert_eq!(refused(&world, anna, code, || phone.create_pin_twice(first, second)), cause);
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
        assert!(phone.session.is_none());
    }
    let known = refused(&world, anna, RefusalCode::PinTooWeak, || create_pin_known_by(&world, &phone, PIN));
    assert_eq!(known, Cause::WeakByPersonalWord);
    assert_eq!(phone.create_pin("28491x"), Err(RefusalCode::PinMalformed));

    // The device waits on, and takes a good one.
    phone.create_pin(PIN).unwrap();
    assert_eq!(phone.state(), SessionState::Authenticated);
}

#[test]
fn r09_after_the_pin_is_created_the_app_is_open_at_once() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    phone.create_pin(PIN).unwrap();

    assert_eq!(phone.state(), SessionState::Authenticated);
    assert_eq!(phone.check().unwrap().device(), phone.id.unwrap());
    let _ = phone.read(Function::SalaryInformation).unwrap();
    let menu = world.gate.blocking().functions(&same_session(&phone), ACME, &UNMODIFIED).unwrap();
    assert!(menu.contains(Function::SalaryInformation));
    assert_eq!(world.journal.changes(anna).len(), 2, "authenticated, PIN created, and nothing else");
    assert_eq!(world.journal.refusals(anna), []);
}

#[test]
fn d19_the_length_of_new_pins_is_policy_and_older_pins_stay_valid() {
    let world = World::new();
    let anna = world.employee();
    let phone = locked_phone(&world, anna);
    let four = PinPolicy::default().with_length(PinLength::new(4).unwrap());
    let shorter = world.restarted(2).policy(Policy::builder().pin(four).build().unwrap()).build();

    let mut phone = moved_to(&shorter, &phone);
    phone.unlock(PIN).unwrap();
    assert_eq!(phone.change_pin(PIN, "530648"), Err(RefusalCode::PinMalformed));
    phone.change_pin(PIN, "8361").unwrap();
    phone.lock().unwrap();
    refused(&shorter, anna, RefusalCode::PinMalformed, || phone.unlock(PIN));
    phone.unlock("8361").unwrap();
}

#[test]
fn d19_a_pin_that_others_can_know_is_refused() {
    let world = World::new();
    let anna = world.employee();
    let phone = pending_phone(&world, anna);
    let cause =
        refused(&world, anna, RefusalCode::PinTooWeak, || create_pin_known_by(&world, &phone, "0284917"));
    assert_eq!(cause, Cause::WeakByPersonalWord);
    create_pin_known_by(&world, &phone, "0401234").unwrap();
}
