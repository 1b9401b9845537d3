//! Lock: it ends the session and keeps what is enrolled; what opens it, and what does not.

use pinlatch::people::AuthenticationMethod::{BankCredentials, IdentityProviderAccount};
use pinlatch::people::Function;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Change, LockCause, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, World};

use crate::given::*;

#[test]
fn r26_lock_ends_the_session_and_kills_its_token() {
    let world = World::new();
    let anna = world.employee();
    let phone = open_phone_with_biometrics(&world, anna);
    let tablet = world.open_phone(anna).unwrap();
    let (old, others) = (same_session(&phone), row(&world, &tablet));

    let seen = changes(&world, anna, || phone.lock().unwrap());
    assert_eq!(seen, [Change::Locked(LockCause::Asked)]);
    assert_eq!(phone.state(), SessionState::Locked);
    assert_eq!(enrolled(&world, &phone), Some((0, 0, BOTH.to_vec())), "the enrolment is kept");
    assert!(!is_live(&world, &old));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.read(Function::WorkingHours));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.change_pin(PIN, ANOTHER_PIN));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.devices());
    refused(&world, anna, RefusalCode::SessionRequired, || phone.log_out_everywhere());

    assert_eq!(row(&world, &tablet), others);
    let _ = tablet.check().unwrap();
    unchanged(&world, anna, || phone.lock());
}

#[test]
fn r28_face_fingerprint_and_pin_each_alone_unlock_and_nothing_else_does() {
    type Unlock = fn(&mut Phone<'_>) -> Result<(), RefusalCode>;
    let each: [Unlock; 3] = [
        |phone| phone.unlock_by(Modality::Face),
        |phone| phone.unlock_by(Modality::Fingerprint),
        |phone| phone.unlock(PIN),
    ];
    for unlock in each {
        let world = World::new();
        let mut phone = locked_phone(&world, world.employee());
        unlock(&mut phone).unwrap();
        let _ = phone.check().unwrap();
    }

    // Neither an invitation, nor the old session, nor a new PIN; strong authentication starts over (E08).
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::PinExists, || phone.create_pin(PIN));
    refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
    unchanged(&world, anna, || phone.lock());
    assert_eq!(phone.state(), SessionState::Locked);
    for method in [BankCredentials, IdentityProviderAccount] {
        let mut phone = locked_phone(&world, anna);
        phone.sign_in_by(Some(method), None).unwrap();
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
    }
    phone.sign_in_with_invitation(&invitation).unwrap();
    assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::PinPending, None));
}

#[test]
fn d02_d07_lock_keeps_the_enrolment_and_log_out_discards_pin_and_biometric() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = open_phone_with_biometrics(&world, anna);
    let enrolment = enrolled(&world, &phone);
    phone.lock().unwrap();
    assert_eq!(enrolled(&world, &phone), enrolment);
    phone.unlock_by(Modality::Face).unwrap();

    phone.log_out().unwrap();
    assert_eq!((enrolled(&world, &phone), rows(&world, anna)), (None, 0));
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
    phone.lock().unwrap();
    refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
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
        (SessionState::LoggedOut, RefusalCode::AuthenticationRequired),
        (SessionState::PinPending, RefusalCode::PinRequired),
        (SessionState::PinExhausted, RefusalCode::PinExhausted),
        (SessionState::RevokedAll, RefusalCode::ReinvitationRequired),
    ];
    for (state, code) in expected {
        let world = World::new();
        let phone = phone_in(&world, state);
        refused(&world, phone.owner, code, || phone.lock());
        assert_eq!(phone.state(), state);
    }
}
