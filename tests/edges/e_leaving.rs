//! Lock, log out, and what ends a session from outside.

use pinlatch::account::DeviceIntegrity;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{PIN, Phone, World};

use crate::given::*;

/// A phone for each state in which a device can be found.
fn phone_in(world: &World, state: SessionState) -> Phone<'_> {
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    match state {
        SessionState::Authenticated => {}
        SessionState::Locked => phone.lock().unwrap(),
        SessionState::LoggedOut => phone.log_out().unwrap(),
        SessionState::PinPending => {
            phone.log_out().unwrap();
            phone.sign_in().unwrap();
        }
        SessionState::PinExhausted => {
            phone.lock().unwrap();
            assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
        }
        SessionState::RevokedAll => phone.log_out_everywhere().unwrap(),
    }
    assert_eq!(phone.state(), state);
    phone
}

fn reported(world: &World, phone: &Phone<'_>, integrity: DeviceIntegrity) -> Result<(), Code> {
    world.gate.blocking().report_integrity(&same_device(phone), integrity).map_err(|error| error.code())
}

#[test]
fn e01_lock_when_locked_is_unchanged_and_leaves_no_event() {
    let world = World::new();
    let phone = phone_in(&world, SessionState::Locked);
    unchanged(&world, phone.owner, || phone.lock());
    unchanged(&world, phone.owner, || phone.lock());
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(trail(&world, &phone).last(), Some(&Change::Locked(LockCause::Asked)));
}

#[test]
fn e02_lock_never_leads_into_locked_from_a_state_without_a_session() {
    let expected = [
        (SessionState::LoggedOut, Code::AuthenticationRequired),
        (SessionState::PinPending, Code::PinRequired),
        (SessionState::PinExhausted, Code::PinExhausted),
        (SessionState::RevokedAll, Code::ReinvitationRequired),
    ];
    for (state, code) in expected {
        let world = World::new();
        let phone = phone_in(&world, state);
        refused(&world, phone.owner, code, || phone.lock());
        assert_eq!(phone.state(), state);
    }
}

#[test]
fn e03_log_out_does_not_erase_the_duty_to_be_reinvited() {
    let world = World::new();
    let mut phone = phone_in(&world, SessionState::RevokedAll);
    let anna = phone.owner;
    unchanged(&world, anna, || phone.log_out());
    unchanged(&world, anna, || phone.log_out());
    assert_eq!(phone.state(), SessionState::RevokedAll);
    refused(&world, anna, Code::ReinvitationRequired, || phone.sign_in());
    let mut new_phone = world.phone(anna);
    refused(&world, anna, Code::ReinvitationRequired, || new_phone.sign_in());
}

#[test]
fn e03_a_device_logged_out_before_the_revocation_needs_the_invitation_too() {
    let world = World::new();
    let anna = world.employee();
    let (mut away, here) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    away.log_out().unwrap();
    here.log_out_everywhere().unwrap();
    assert_eq!(away.state(), SessionState::LoggedOut);
    refused(&world, anna, Code::ReinvitationRequired, || away.sign_in());
}

#[test]
fn e14_modified_mid_session_ends_and_wipes_that_device_only() {
    let world = World::new();
    let anna = world.employee();
    let (mut phone, other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    phone.enable(Modality::Face).unwrap();
    let untouched = trail(&world, &other);
    phone.integrity = Modified;
    assert_eq!(phone.check(), Err(Code::UnsupportedDevice));
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::DeviceModified)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    assert_eq!(ledger(&world, &phone), None);

    phone.integrity = Unmodified;
    refused(&world, anna, Code::SessionRequired, || phone.check());
    refused(&world, anna, Code::AuthenticationRequired, || phone.unlock(PIN));
    refused(&world, anna, Code::AuthenticationRequired, || phone.unlock_by(Modality::Face));
    assert_eq!(trail(&world, &other), untouched);
    let _grant = other.check().unwrap();
    phone.sign_in().unwrap();
}

#[test]
fn e14_a_report_of_modification_wipes_in_every_enrolled_state_and_once() {
    use SessionState::{Authenticated, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll};
    for state in [PinPending, Authenticated, Locked, PinExhausted] {
        let world = World::new();
        let mut phone = phone_in(&world, state);
        let report = |phone: &Phone<'_>| reported(&world, phone, Modified);
        let wiped = [Change::LoggedOut(LogOutCause::DeviceModified)];
        adds(&world, &mut phone, &wiped, |phone| report(phone).unwrap());
        assert_eq!(phone.state(), LoggedOut);
        unchanged(&world, phone.owner, || report(&phone));
    }
    for state in [LoggedOut, RevokedAll] {
        let world = World::new();
        let phone = phone_in(&world, state);
        unchanged(&world, phone.owner, || reported(&world, &phone, Modified));
        assert_eq!(phone.state(), state);
    }
}

#[test]
fn e14_a_locked_device_that_was_modified_is_wiped_by_its_next_attempt_and_nothing_is_compared() {
    let world = World::new();
    let mut phone = phone_in(&world, SessionState::Locked);
    let hashed = world.hasher.count();
    phone.integrity = Modified;
    assert_eq!(phone.unlock(PIN), Err(Code::UnsupportedDevice));
    assert_eq!(world.hasher.count(), hashed);
    assert_eq!(phone.state(), SessionState::LoggedOut);
    assert_eq!(world.journal.refusals(phone.owner).len(), 1);
    refused(&world, phone.owner, Code::UnsupportedDevice, || phone.sign_in());
}

#[test]
fn d21_unknown_integrity_raises_nothing_and_wipes_nothing() {
    let world = World::new();
    let mut phone = phone_in(&world, SessionState::Locked);
    let anna = phone.owner;
    phone.integrity = Unknown;
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.unlock(PIN));
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.unlock_by(Modality::Face));
    unchanged(&world, anna, || reported(&world, &phone, Unknown));
    let mut new_phone = world.phone(anna);
    new_phone.integrity = Unknown;
    refused(&world, anna, Code::DeviceIntegrityUnknown, || new_phone.sign_in());

    phone.integrity = Unmodified;
    phone.unlock(PIN).unwrap();
    phone.integrity = Unknown;
    let _use_is_not_raising = phone.check().unwrap();
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.change_pin(PIN, "530648"));
    refused(&world, anna, Code::DeviceIntegrityUnknown, || phone.enable(Modality::Face));
    phone.lock().unwrap();
}

#[test]
fn i07_a_lowering_command_never_raises_and_never_fails_on_a_guard() {
    for lower in [
        (|phone| phone.lock()) as fn(&Phone<'_>) -> Result<(), Code>,
        |phone| phone.log_out(),
        |phone| phone.log_out_everywhere(),
    ] {
        let world = World::new();
        let mut phone = phone_in(&world, SessionState::Authenticated);
        phone.integrity = Modified;
        world.directory.remove(phone.owner);
        world.clock.set(None);
        lower(&phone).unwrap();
        assert_eq!(answer_to(&world, &same_session(&phone)), Err(Code::SessionRequired));
        assert_ne!(phone.state(), SessionState::Authenticated);
    }
}
