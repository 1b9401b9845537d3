//! Wrong PINs, exhaustion, biometrics beside the PIN, and changing the PIN.

use pinlatch::account::PinEntries;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::session::{Baseline, BiometricAssertion, Change, LockCause, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;

fn locked_phone(world: &World) -> Phone<'_> {
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    phone
}

#[test]
fn e04_four_wrong_one_right_four_wrong_is_locked_with_four() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
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
    let mut phone = locked_phone(&world);
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    let restarted = world.restarted(2).build();
    let mut phone = moved_to(&restarted, &phone);
    adds(&restarted, &mut phone, &[Change::PinExhausted], |phone| {
        assert_eq!(phone.unlock(WRONG_PIN), Err(Code::PinExhausted));
    });
    assert_eq!(phone.state(), SessionState::PinExhausted);
    assert_eq!(restarted.hasher.count(), 1);
}

#[test]
fn e05_a_biometric_success_does_not_reset_the_count() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    phone.unlock(PIN).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(Code::IncorrectPin));
    phone.unlock_by(Modality::Fingerprint).unwrap();
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
    phone.lock().unwrap();
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::PinExhausted));
    assert_eq!(phone.state(), SessionState::PinExhausted);
    assert_eq!(
        trail(&world, &phone)[10..],
        [
            Change::UnlockedByBiometric(Modality::Fingerprint),
            Change::Locked(LockCause::Asked),
            Change::PinExhausted
        ]
    );
}

#[test]
fn e06_after_exhaustion_the_right_pin_and_a_biometric_are_refused() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    phone.unlock(PIN).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
    assert_eq!(ledger(&world, &phone), None, "wiped in that same step");
    for _ in 0..3 {
        refused(&world, phone.owner, Code::PinExhausted, || phone.unlock(PIN));
        refused(&world, phone.owner, Code::PinExhausted, || phone.unlock_by(Modality::Face));
    }
    refused(&world, phone.owner, Code::AcknowledgementRequired, || phone.sign_in());
    phone.acknowledge().unwrap();
    refused(&world, phone.owner, Code::AuthenticationRequired, || phone.unlock(PIN));
    refused(&world, phone.owner, Code::AuthenticationRequired, || phone.unlock_by(Modality::Face));
}

#[test]
fn e07_exhaustion_is_per_device() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    let mut other = world.open_phone(phone.owner).unwrap();
    other.lock().unwrap();
    assert_eq!(phone.mistype(5), Err(Code::PinExhausted));
    assert_eq!(ledger(&world, &other), Some((0, 0)));
    assert_eq!(other.mistype(4), Err(Code::IncorrectPin));
    other.unlock(PIN).unwrap();
    assert_eq!((phone.state(), other.state()), (SessionState::PinExhausted, SessionState::Authenticated));
}

#[test]
fn e28_a_biometric_needs_a_pin_first() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    refused(&world, anna, Code::PinRequired, || phone.unlock_by(Modality::Face));
    phone.create_pin(PIN).unwrap();
    phone.lock().unwrap();
    phone.session = Some(same_session(&phone));
    refused(&world, anna, Code::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, Code::BiometricUnavailable, || phone.unlock_by(Modality::Face));
    let cause = newest_refusal(&world, anna).cause();
    assert_eq!(cause, Cause::BiometricNotEnabled);
}

#[test]
fn e28_a_changed_or_missing_baseline_disables_the_biometric_and_falls_back_to_the_pin() {
    let changed = Some(Baseline::of(b"one face more"));
    for (baseline, recognised) in [(changed, true), (None, true), (changed, false)] {
        let world = World::new();
        let anna = world.employee();
        let mut phone = world.open_phone(anna).unwrap();
        phone.enable(Modality::Face).unwrap();
        phone.enable(Modality::Fingerprint).unwrap();
        phone.lock().unwrap();
        let assertion = BiometricAssertion { modality: Modality::Face, recognised, baseline };
        assert_eq!(phone.assert_biometric(assertion), Err(Code::BiometricUnavailable));
        let unavailable = Refusal::because(Code::BiometricUnavailable, Cause::BiometricBaselineChanged);
        assert_eq!(world.journal.refusals(anna), [unavailable]);
        assert_eq!(trail(&world, &phone).last(), Some(&Change::BiometricBaselineChanged(Modality::Face)));
        assert_eq!(phone.state(), SessionState::Locked);

        refused(&world, anna, Code::BiometricUnavailable, || phone.unlock_by(Modality::Face));
        phone.unlock_by(Modality::Fingerprint).unwrap();
        phone.lock().unwrap();
        phone.unlock(PIN).unwrap();
    }
}

#[test]
fn e28_an_unrecognised_face_is_refused_and_counts_nothing() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    let baseline = Some(Baseline::of(&phone.biometric_state));
    let stranger = BiometricAssertion { modality: Modality::Face, recognised: false, baseline };
    for _ in 0..6 {
        refused(&world, anna, Code::BiometricRejected, || phone.assert_biometric(stranger));
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    phone.unlock_by(Modality::Face).unwrap();
}

#[test]
fn e29_changing_the_pin_needs_the_current_one_which_counts_as_an_attempt() {
    let world = World::new();
    let mut phone = locked_phone(&world);
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
    let mut phone = locked_phone(&world);
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
    let mut phone = locked_phone(&world);
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

#[test]
fn e29_a_wrong_length_is_no_attempt_at_the_lock_either() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    for entry in ["2849", "28491", "2849170", "284917284917"] {
        refused(&world, phone.owner, Code::PinMalformed, || phone.unlock(entry));
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    assert_eq!(newest_refusal(&world, phone.owner).cause(), Cause::WrongLength);
}
