//! The fifth wrong PIN: what it destroys, "OK", and the way to a new PIN.

use pinlatch::gate::GateError;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, pin};

use super::{EXHAUSTED, shown};
use crate::given::*;

#[test]
fn r13_fifth_wrong_pin_exhausts_and_says_so() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let mut phone = locked_phone(&world, anna);
    let tablet = locked_phone(&world, anna);
    locked_phone(&world, otto);
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));

    let (hashed, others) = (world.hasher.count(), row(&world, &tablet));
    let seen = changes(&world, anna, || {
        unnoticed_by(&world, &[otto], || assert_eq!(shown(&world, &same_device(&phone)), EXHAUSTED));
    });
    assert_eq!(seen, [Change::PinExhausted]);
    assert_eq!(world.hasher.count(), hashed + 1);
    assert_eq!(world.journal.refusals(anna), [], "it is in the trail as a transition, once");
    assert_eq!(phone.state(), SessionState::PinExhausted);
    // On this device only.
    assert_eq!(row(&world, &tablet), others);
    assert_eq!(tablet.state(), SessionState::Locked);
}

#[test]
fn r14_pin_and_biometric_are_destroyed_in_the_step_of_the_fifth_wrong_pin() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let _ = phone.mistype(4);
    let before = stored(&world, anna).unwrap().len();
    let (_, swaps) = world.store.operations();

    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
    assert_eq!(world.store.operations().1, swaps + 2, "one write to pay, one to settle and wipe");
    assert_eq!(enrolled(&world, &phone), None);
    assert!(stored(&world, anna).unwrap().len() < before, "the hash has left the record");

    // Nothing of it opens any more, before "OK" and after it; no guess is even compared.
    let opens = |phone: &mut Phone<'_>, code| {
        refused(&world, anna, code, || phone.unlock(PIN));
        refused(&world, anna, code, || phone.unlock(WRONG_PIN));
        for modality in BOTH {
            refused(&world, anna, code, || phone.unlock_by(modality));
        }
    };
    opens(&mut phone, RefusalCode::PinExhausted);
    phone.acknowledge().unwrap();
    opens(&mut phone, RefusalCode::AuthenticationRequired);
}

#[test]
fn r15_ok_leads_to_logged_out() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = exhausted_phone(&world, anna);
    refused(&world, anna, RefusalCode::AcknowledgementRequired, || phone.sign_in());

    let seen = changes(&world, anna, || phone.acknowledge().unwrap());
    assert_eq!(seen, [Change::Acknowledged]);
    assert_eq!((phone.state(), rows(&world, anna)), (SessionState::LoggedOut, 0));
    refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
}

#[test]
fn r15_in_every_other_state_there_is_nothing_to_acknowledge() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    let nothing = |phone: &Phone<'_>| {
        refused(&world, anna, RefusalCode::NothingToAcknowledge, || phone.acknowledge());
    };
    phone.sign_in().unwrap();
    nothing(&phone);
    phone.create_pin(PIN).unwrap();
    nothing(&phone);
    phone.lock().unwrap();
    let _ = phone.mistype(4);
    nothing(&phone);
    phone.unlock(PIN).unwrap();
    phone.log_out_everywhere().unwrap();
    nothing(&phone);
    assert_eq!(phone.state(), SessionState::RevokedAll);
}

#[test]
fn r16_after_ok_one_authenticates_and_creates_a_new_pin_without_an_invitation() {
    for digits in [PIN, ANOTHER_PIN] {
        let world = World::new();
        let anna = world.foreign_employee();
        let mut phone = exhausted_phone(&world, anna);
        let (old, old_device) = (same_session(&phone), same_device(&phone));
        phone.acknowledge().unwrap();

        phone.sign_in().unwrap();
        refused(&world, anna, RefusalCode::PinRequired, || phone.unlock(PIN));
        phone.create_pin(digits).unwrap();
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])), "no failures, no biometrics");

        // The old credential is void, even if the digits are the same.
        phone.lock().unwrap();
        refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
        refused(&world, anna, RefusalCode::AuthenticationRequired, || {
            unlock(&world, &old_device, PIN).map_err(|error| error.code())
        });
        assert!(!is_live(&world, &old));
        phone.unlock(digits).unwrap();
        if digits != PIN {
            phone.lock().unwrap();
            assert_eq!(phone.unlock(PIN), Err(RefusalCode::IncorrectPin));
        }
    }
}

#[test]
fn r16_the_full_budget_is_back_with_the_new_pin() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = exhausted_phone(&world, anna);
    phone.acknowledge().unwrap();
    phone.sign_in().unwrap();
    phone.create_pin(PIN).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    assert_eq!(code(unlock(&world, &same_device(&phone), WRONG_PIN)), Err(RefusalCode::PinExhausted));
}

fn unlock(world: &World, token: &DeviceToken, digits: &str) -> Result<(), GateError> {
    world.gate.blocking().unlock_with_pin(token, &pin(digits).unwrap(), &UNMODIFIED).map(|_| ())
}

#[test]
fn d06_the_wipe_precedes_ok_and_the_message_is_shown_again_after_the_app_died() {
    let world = World::new();
    let anna = world.employee();
    let phone = exhausted_phone(&world, anna);
    assert_eq!(enrolled(&world, &phone), None);

    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    assert_eq!(phone.state(), SessionState::PinExhausted);
    refused(&restarted, anna, RefusalCode::PinExhausted, || phone.unlock(PIN));
    refused(&restarted, anna, RefusalCode::AcknowledgementRequired, || phone.sign_in());
    assert_eq!(phone.state(), SessionState::PinExhausted);
    phone.acknowledge().unwrap();
    phone.sign_in().unwrap();

    // "OK" is no security: a device that never says it gets in by authenticating anew.
    let mut forgetful = exhausted_phone(&restarted, anna);
    forgetful.token = None;
    forgetful.sign_in().unwrap();
    forgetful.create_pin(PIN).unwrap();
}

#[test]
fn e06_after_exhaustion_the_right_pin_and_a_biometric_are_refused() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    phone.unlock(PIN).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    assert_eq!(ledger(&world, &phone), None, "wiped in that same step");
    for _ in 0..3 {
        refused(&world, phone.owner, RefusalCode::PinExhausted, || phone.unlock(PIN));
        refused(&world, phone.owner, RefusalCode::PinExhausted, || phone.unlock_by(Modality::Face));
    }
    refused(&world, phone.owner, RefusalCode::AcknowledgementRequired, || phone.sign_in());
    phone.acknowledge().unwrap();
    refused(&world, phone.owner, RefusalCode::AuthenticationRequired, || phone.unlock(PIN));
    refused(&world, phone.owner, RefusalCode::AuthenticationRequired, || phone.unlock_by(Modality::Face));
}

#[test]
fn e07_exhaustion_is_per_device() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    let mut other = world.open_phone(phone.owner).unwrap();
    other.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(RefusalCode::PinExhausted));
    assert_eq!(ledger(&world, &other), Some((0, 0)));
    assert_eq!(other.mistype(4), Err(RefusalCode::IncorrectPin));
    other.unlock(PIN).unwrap();
    assert_eq!((phone.state(), other.state()), (SessionState::PinExhausted, SessionState::Authenticated));
}
