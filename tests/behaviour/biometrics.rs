//! Face and fingerprint: they open the lock beside the PIN, and count for nothing.

use pinlatch::refusal::{Cause, NextStep, Refusal, RefusalCode};
use pinlatch::session::{Baseline, BiometricAssertion, Change, LockCause, Modality, SessionState};
use pinlatch_testkit::{PIN, UNMODIFIED, WRONG_PIN, World, days};

use crate::given::*;

#[test]
fn r27_face_or_fingerprint_opens_the_lock_with_a_new_session_token() {
    for modality in BOTH {
        let world = World::new();
        let anna = world.employee();
        let mut phone = world.open_phone(anna).unwrap();
        let enabled = changes(&world, anna, || phone.enable(modality).unwrap());
        assert_eq!(enabled, [Change::BiometricEnabled(modality)]);
        phone.lock().unwrap();
        let (old, hashed) = (same_session(&phone), world.hasher.count());

        let seen = changes(&world, anna, || phone.unlock_by(modality).unwrap());
        assert_eq!(seen, [Change::UnlockedByBiometric(modality)]);
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert_eq!(world.hasher.count(), hashed, "no PIN was evaluated");
        assert_ne!(old.expose(), same_session(&phone).expose());
        assert!(!is_live(&world, &old));
        assert!(is_live(&world, &same_session(&phone)));
    }
}

#[test]
fn r27_only_what_is_enabled_on_this_device_and_recognised_opens() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    let mut tablet = world.open_phone(anna).unwrap();
    tablet.lock().unwrap();

    let baseline = Some(Baseline::of(&phone.biometric_state));
    let not_recognised = BiometricAssertion { modality: Modality::Face, recognised: false, baseline };
    refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(not_recognised));
    refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Fingerprint));
    // The same face, on a device that has none enabled.
    refused(&world, anna, RefusalCode::BiometricUnavailable, || tablet.unlock_by(Modality::Face));
    assert_eq!(phone.state(), SessionState::Locked);
    phone.unlock_by(Modality::Face).unwrap();
}

#[test]
fn d05_a_biometric_neither_resets_nor_raises_the_count() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let _ = phone.mistype(4);
    let baseline = Some(Baseline::of(&phone.biometric_state));
    for modality in [Modality::Face, Modality::Fingerprint].repeat(4) {
        let assertion = BiometricAssertion { modality, recognised: false, baseline };
        refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(assertion));
    }
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);
    phone.unlock_by(Modality::Face).unwrap();
    assert_eq!(enrolled(&world, &phone).unwrap().0, 4);
    phone.lock().unwrap();
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
}

#[test]
fn e05_a_biometric_success_does_not_reset_the_count() {
    let world = World::new();
    let mut phone = locked_with_pin_only(&world);
    phone.unlock(PIN).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(4), Err(RefusalCode::IncorrectPin));
    phone.unlock_by(Modality::Fingerprint).unwrap();
    assert_eq!(ledger(&world, &phone), Some((4, 0)));
    phone.lock().unwrap();
    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
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
fn e28_a_biometric_needs_a_pin_first() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    phone.sign_in().unwrap();
    refused(&world, anna, RefusalCode::PinRequired, || phone.unlock_by(Modality::Face));
    phone.create_pin(PIN).unwrap();
    phone.lock().unwrap();
    phone.session = Some(same_session(&phone));
    refused(&world, anna, RefusalCode::SessionRequired, || phone.enable(Modality::Face));
    refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
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
        assert_eq!(phone.assert_biometric(assertion), Err(RefusalCode::BiometricUnavailable));
        let unavailable =
            Refusal::because(RefusalCode::BiometricUnavailable, Cause::BiometricBaselineChanged);
        assert_eq!(world.journal.refusals(anna), [unavailable]);
        assert_eq!(trail(&world, &phone).last(), Some(&Change::BiometricBaselineChanged(Modality::Face)));
        assert_eq!(phone.state(), SessionState::Locked);

        refused(&world, anna, RefusalCode::BiometricUnavailable, || phone.unlock_by(Modality::Face));
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
        refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(stranger));
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    phone.unlock_by(Modality::Face).unwrap();
}

#[test]
fn d28_a_session_opened_by_finger_enables_no_face_until_the_pin_was_entered() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
    phone.lock().unwrap();
    phone.unlock_by(Modality::Fingerprint).unwrap();
    let cause = refused(&world, anna, RefusalCode::StepUpRequired, || phone.enable(Modality::Face));
    assert_eq!(cause, Cause::NotOpenedByPin);
    assert_eq!(newest_refusal(&world, anna).next_step(), NextStep::EnterPin);
    // Nor a changed set of fingers; the same set as before is no change.
    unchanged(&world, anna, || phone.enable(Modality::Fingerprint));
    phone.biometric_state = b"one finger more".to_vec();
    refused(&world, anna, RefusalCode::StepUpRequired, || phone.enable(Modality::Fingerprint));
    refused(&world, anna, RefusalCode::BiometricUnavailable, || {
        phone.biometric_state = b"the owner's face".to_vec();
        phone.unlock_by(Modality::Face)
    });
    // The PIN opens the open app anew, and then it may be.
    phone.unlock(PIN).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.unlock_by(Modality::Face).unwrap();
    refused(&world, anna, RefusalCode::StepUpRequired, || {
        phone.biometric_state = b"another face".to_vec();
        phone.enable(Modality::Face)
    });
}

#[test]
fn d28_a_session_opened_by_creating_the_pin_may_enable_however_long_ago() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    world.wait(days(3));
    phone.enable(Modality::Face).unwrap();
    phone.enable(Modality::Fingerprint).unwrap();
}

#[test]
fn d28_whoever_opened_it_may_disable() {
    let world = World::new();
    let mut phone = locked_phone(&world, world.employee());
    phone.unlock_by(Modality::Fingerprint).unwrap();
    let gate = world.gate.blocking();
    gate.disable_biometric(&same_session(&phone), Modality::Face, &UNMODIFIED).unwrap();
    gate.disable_biometric(&same_session(&phone), Modality::Fingerprint, &UNMODIFIED).unwrap();
    assert_eq!(enrolled(&world, &phone), Some((0, 0, vec![])));
}

#[test]
fn d28_not_recognised_with_an_unreadable_enrolment_state_is_rejected_and_disables_nothing() {
    for modality in BOTH {
        let world = World::new();
        let anna = world.employee();
        let mut phone = locked_phone(&world, anna);
        let unreadable = BiometricAssertion { modality, recognised: false, baseline: None };
        for _ in 0..3 {
            refused(&world, anna, RefusalCode::BiometricRejected, || phone.assert_biometric(unreadable));
        }
        assert_eq!(enrolled(&world, &phone), Some((0, 0, BOTH.to_vec())), "still enabled");
        phone.unlock_by(modality).unwrap();
        // Recognised by somebody who cannot say what is enrolled: disabled (E28).
        let recognised = BiometricAssertion { recognised: true, ..unreadable };
        assert_eq!(phone.assert_biometric(recognised), Err(RefusalCode::BiometricUnavailable));
        assert_eq!(enrolled(&world, &phone).unwrap().2.len(), 1);
    }
}
