//! Devices that were modified, and those of which it is not known.

use pinlatch::account::{DeviceIntegrity, Invitation, RequestContext};
use pinlatch::people::Function;
use pinlatch::refusal::RefusalCode::DeviceIntegrityUnknown;
use pinlatch::refusal::{Refusal, RefusalCode};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, WRONG_PIN, World};

use crate::given::*;

#[test]
fn r03_a_modified_device_cannot_authenticate() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.integrity = Modified;
    refused(&world, anna, RefusalCode::UnsupportedDevice, || phone.sign_in());
    assert_eq!(stored(&world, anna), None);
    assert!(phone.token.is_none());

    let mut revoked = revoked_phone(&world, anna);
    let invitation = world.invited(anna).unwrap();
    revoked.integrity = Modified;
    refused(&world, anna, RefusalCode::UnsupportedDevice, || revoked.sign_in_with_invitation(&invitation));
    assert_eq!(revoked.state(), SessionState::RevokedAll);
    let open = world.account(anna).unwrap().invitation().map(Invitation::expires);
    assert_eq!(open, Some(invitation.expires));
}

#[test]
fn r03_a_modified_device_cannot_create_a_pin() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = pending_phone(&world, anna);
    phone.integrity = Modified;
    let seen = changes(&world, anna, || {
        assert_eq!(phone.create_pin(PIN), Err(RefusalCode::UnsupportedDevice));
    });
    assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
    assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
    assert_eq!((world.hasher.count(), phone.state()), (0, SessionState::LoggedOut));
}

#[test]
fn r03_a_modified_device_cannot_unlock_by_pin_or_biometric() {
    for modality in [None, Some(Modality::Face), Some(Modality::Fingerprint)] {
        let world = World::new();
        let anna = world.employee();
        let mut phone = locked_phone(&world, anna);
        let hashed = world.hasher.count();
        phone.integrity = Modified;
        let seen = changes(&world, anna, || {
            let answer = match modality {
                Some(modality) => phone.unlock_by(modality),
                None => phone.unlock(PIN),
            };
            assert_eq!(answer, Err(RefusalCode::UnsupportedDevice));
        });
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
        assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
        assert_eq!(world.hasher.count(), hashed, "the PIN was evaluated");
        assert_eq!((phone.state(), enrolled(&world, &phone)), (SessionState::LoggedOut, None));
        // It stays refused, and says the same.
        refused(&world, anna, RefusalCode::UnsupportedDevice, || phone.unlock(PIN));
    }
}

#[test]
fn r04_once_the_device_is_modified_any_use_is_refused() {
    type Use = fn(&pinlatch_testkit::Phone<'_>) -> Result<(), RefusalCode>;
    let uses: [Use; 6] = [
        |phone| phone.check().map(|_| ()),
        |phone| phone.read(Function::WorkingHours).map(|_| ()),
        |phone| phone.enable(Modality::Face),
        |phone| phone.change_pin(PIN, ANOTHER_PIN),
        |phone| phone.devices().map(|_| ()),
        |phone| phone.rename("Mine"),
    ];
    for wanted in uses {
        let world = World::new();
        let anna = world.employee();
        let mut phone = open_phone_with_biometrics(&world, anna);
        let other = world.open_phone(anna).unwrap();
        let (hashed, before) = (world.hasher.count(), row(&world, &other));
        let _ = phone.check().unwrap();

        phone.integrity = Modified;
        let seen = changes(&world, anna, || assert_eq!(wanted(&phone), Err(RefusalCode::UnsupportedDevice)));
        assert_eq!(seen, [Change::LoggedOut(LogOutCause::DeviceModified)]);
        assert_eq!(world.journal.refusals(anna), [Refusal::new(RefusalCode::UnsupportedDevice)]);
        assert_eq!((world.hasher.count(), enrolled(&world, &phone)), (hashed, None));

        // Its session is over, whatever attestation says later; the other device goes on.
        phone.integrity = Unmodified;
        refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
        assert_eq!(row(&world, &other), before);
        let _ = other.check().unwrap();
    }
}

#[test]
fn d21_integrity_unknown_refuses_whatever_raises_and_wipes_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.integrity = Unknown;
    refused(&world, anna, DeviceIntegrityUnknown, || phone.sign_in());
    phone.integrity = Unmodified;
    phone.sign_in().unwrap();
    phone.integrity = Unknown;
    refused(&world, anna, DeviceIntegrityUnknown, || phone.create_pin(PIN));
    assert_eq!(phone.state(), SessionState::PinPending);
    phone.integrity = Unmodified;
    phone.create_pin(PIN).unwrap();
    phone.enable(Modality::Face).unwrap();

    phone.integrity = Unknown;
    refused(&world, anna, DeviceIntegrityUnknown, || phone.enable(Modality::Fingerprint));
    refused(&world, anna, DeviceIntegrityUnknown, || phone.change_pin(PIN, ANOTHER_PIN));
    // A session that is open goes on: using it raises nothing.
    let _ = phone.check().unwrap();
    phone.lock().unwrap();
    refused(&world, anna, DeviceIntegrityUnknown, || phone.unlock(PIN));
    refused(&world, anna, DeviceIntegrityUnknown, || phone.unlock(WRONG_PIN));
    refused(&world, anna, DeviceIntegrityUnknown, || phone.unlock_by(Modality::Face));
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![Modality::Face])));

    phone.integrity = Unmodified;
    phone.unlock(PIN).unwrap();
}

#[test]
fn d21_a_request_of_which_the_host_says_nothing_is_not_a_clean_one() {
    assert_eq!(RequestContext::default().integrity, Unknown);
    assert_eq!(DeviceIntegrity::default(), Unknown);
}

#[test]
fn r04_only_a_modified_device_is_wiped_by_what_is_reported_of_it() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    for integrity in [Unmodified, Unknown] {
        let token = phone.token.as_ref().unwrap();
        unchanged(&world, anna, || code(world.gate.blocking().report_integrity(token, &integrity.into())));
    }
    phone.unlock(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    // A revoked device stays revoked (E03).
    let bytes = stored(&world, anna);
    let token = phone.token.as_ref().unwrap();
    unchanged(&world, anna, || code(world.gate.blocking().report_integrity(token, &Modified.into())));
    assert!(stored(&world, anna) == bytes);
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

fn reported(world: &World, phone: &Phone<'_>, integrity: DeviceIntegrity) -> Result<(), RefusalCode> {
    world
        .gate
        .blocking()
        .report_integrity(&same_device(phone), &integrity.into())
        .map_err(|error| error.code())
}

#[test]
fn e14_modified_mid_session_ends_and_wipes_that_device_only() {
    let world = World::new();
    let anna = world.employee();
    let (mut phone, other) = (world.open_phone(anna).unwrap(), world.open_phone(anna).unwrap());
    phone.enable(Modality::Face).unwrap();
    let untouched = trail(&world, &other);
    phone.integrity = Modified;
    assert_eq!(phone.check(), Err(RefusalCode::UnsupportedDevice));
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::DeviceModified)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
    assert_eq!(ledger(&world, &phone), None);

    phone.integrity = Unmodified;
    refused(&world, anna, RefusalCode::SessionRequired, || phone.check());
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::AuthenticationRequired, || phone.unlock_by(Modality::Face));
    assert_eq!(trail(&world, &other), untouched);
    let _grant = other.check().unwrap();
    phone.sign_in().unwrap();
}

#[test]
fn e14_a_modified_phone_in_another_persons_hand_is_wiped_of_the_first_and_lets_nobody_in() {
    let world = World::new();
    let (anna, bert) = (world.employee(), world.employee());
    let phone = locked_phone(&world, anna);
    let mut in_berts_hand = moved_to(&world, &phone);
    in_berts_hand.owner = bert;
    in_berts_hand.integrity = Modified;
    assert_eq!(in_berts_hand.sign_in(), Err(RefusalCode::UnsupportedDevice));
    assert_eq!(stored(&world, bert), None);
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::DeviceModified)));
    assert_eq!(ledger(&world, &phone), None);
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
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::UnsupportedDevice));
    assert_eq!(world.hasher.count(), hashed);
    assert_eq!(phone.state(), SessionState::LoggedOut);
    assert_eq!(world.journal.refusals(phone.owner).len(), 1);
    refused(&world, phone.owner, RefusalCode::UnsupportedDevice, || phone.sign_in());
}

#[test]
fn d21_unknown_integrity_raises_nothing_and_wipes_nothing() {
    let world = World::new();
    let mut phone = phone_in(&world, SessionState::Locked);
    let anna = phone.owner;
    phone.integrity = Unknown;
    refused(&world, anna, RefusalCode::DeviceIntegrityUnknown, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::DeviceIntegrityUnknown, || phone.unlock_by(Modality::Face));
    unchanged(&world, anna, || reported(&world, &phone, Unknown));
    let mut new_phone = world.phone(anna);
    new_phone.integrity = Unknown;
    refused(&world, anna, RefusalCode::DeviceIntegrityUnknown, || new_phone.sign_in());

    phone.integrity = Unmodified;
    phone.unlock(PIN).unwrap();
    phone.integrity = Unknown;
    let _use_is_not_raising = phone.check().unwrap();
    refused(&world, anna, RefusalCode::DeviceIntegrityUnknown, || phone.change_pin(PIN, "530648"));
    refused(&world, anna, RefusalCode::DeviceIntegrityUnknown, || phone.enable(Modality::Face));
    phone.lock().unwrap();
}
