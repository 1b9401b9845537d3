//! Every refusal has a stable code, a public view and an audit view (E33).

use pinlatch::account::RequestContext;
use std::collections::BTreeSet;

use pinlatch::account::PinEntries;
use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::{Cause, Language, Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{PIN, UNMODIFIED, World};

use crate::given::*;

#[test]
fn e33_every_refusal_has_a_stable_code_and_a_text_in_both_languages() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    assert_eq!(names.len(), 37, "a new code is a decision, and an old one never goes");
    for code in Code::ALL {
        let refusal = Refusal::because(*code, Cause::UnknownPerson);
        assert_eq!(code.to_string(), code.as_str());
        assert_eq!(format!("{code:?}"), code.as_str());
        for language in [Language::English, Language::Finnish] {
            let public = refusal.public(language);
            assert_eq!(public, Refusal::new(*code).public(language), "no cause in the public view");
            assert_eq!((public.code, public.to_string()), (*code, public.text.into()));
            assert!(public.text.ends_with('.') || *code == Code::IncorrectPin, "{code}");
            assert!(!public.text.contains("UnknownPerson"));
        }
        assert_eq!(refusal.audit().to_string(), format!("{code} (UnknownPerson)"));
        assert_eq!(Refusal::new(*code).audit().to_string(), code.as_str());
        assert_eq!(refusal.to_string(), code.message(Language::English));
    }
}

#[test]
fn e33_r12_r13_the_texts_that_the_product_gives_are_kept_to_the_letter() {
    assert_eq!(Code::IncorrectPin.message(Language::English), "Incorrect PIN code");
    assert_eq!(
        Code::PinExhausted.message(Language::English),
        "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again."
    );
    assert_eq!(GateError::from(Code::IncorrectPin).to_string(), "Incorrect PIN code");
}

/// What each command answers to these tokens, as whoever asked sees it.
fn answers(world: &World, device: &DeviceToken, session: &SessionToken) -> Vec<(Code, &'static str)> {
    let gate = world.gate.blocking();
    let entries = || PinEntries { pin: digits(PIN), confirmation: digits(PIN) };
    let words = PersonalWords::none();
    let baseline = Some(Baseline::of(b""));
    let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
    let other = pinlatch::id::DeviceId::from_u128(1);
    let wanted = pinlatch::account::Wanted::Session;
    let errors = [
        gate.unlock_with_pin(device, &digits(PIN), &UNMODIFIED).unwrap_err(),
        gate.unlock_with_biometric(device, &face, &UNMODIFIED).unwrap_err(),
        gate.create_pin(device, &entries(), &words, &UNMODIFIED).unwrap_err(),
        gate.lock(device).unwrap_err(),
        gate.acknowledge(device).unwrap_err(),
        gate.unlock_with_pin(device, &digits(PIN), &RequestContext::new(Unknown)).unwrap_err(),
        gate.unlock_with_pin(device, &digits(PIN), &RequestContext::new(Modified)).unwrap_err(),
        gate.check(session, wanted, &UNMODIFIED).unwrap_err(),
        gate.change_pin(session, &digits(PIN), &entries(), &words, &UNMODIFIED).unwrap_err(),
        gate.enable_biometric(session, Modality::Face, Baseline::of(b""), &UNMODIFIED).unwrap_err(),
        gate.disable_biometric(session, Modality::Face).unwrap_err(),
        gate.devices(session).unwrap_err(),
        gate.log_out_device(session, other).unwrap_err(),
        gate.log_out_everywhere(session).unwrap_err(),
    ];
    assert_eq!(gate.status(device).unwrap(), SessionState::LoggedOut);
    gate.log_out(device).unwrap();
    errors
        .iter()
        .map(|error| error.refusal().public(Language::English))
        .map(|it| (it.code, it.text))
        .collect()
}

#[test]
fn e33_an_unknown_account_and_a_wrong_credential_look_the_same() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    let nobody = PersonId::from_u128(0xdead);
    let known_but_never_here = world.employee();
    let [of_owner, unknown, never_here] = [phone.owner, nobody, known_but_never_here].map(|person| {
        let device = DeviceToken::from_secret(person, &mut [9; 32]);
        let session = SessionToken::from_secret(person, &mut [9; 32]);
        answers(&world, &device, &session)
    });
    assert_eq!(of_owner, unknown);
    assert_eq!(of_owner, never_here);
    assert_eq!(stored(&world, nobody), None);
    assert_eq!(stored(&world, known_but_never_here), None);
    assert_eq!(phone.state(), SessionState::Locked);
}

#[test]
fn e33_a_stranger_cannot_burn_the_owners_tries() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    let forged = DeviceToken::from_secret(phone.owner, &mut [9; 32]);
    for _ in 0..10 {
        refused(&world, phone.owner, Code::AuthenticationRequired, || {
            let answer = world.gate.blocking().unlock_with_pin(&forged, &digits("111222"), &UNMODIFIED);
            answer.map_err(|error| error.code())
        });
    }
    assert_eq!(ledger(&world, &phone), Some((0, 0)));
    phone.unlock(PIN).unwrap();
}

#[test]
fn e33_a_failed_part_of_the_host_is_unavailable_and_grants_nothing() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    let before = stored(&world, phone.owner);
    world.store.set_down(true);
    let error = world.gate.blocking().unlock_with_pin(&same_device(&phone), &digits(PIN), &UNMODIFIED);
    let error = error.unwrap_err();
    assert!(matches!(error, GateError::Store(_)));
    assert_eq!(
        error.refusal().public(Language::English).text,
        "The service is not available. Try again later."
    );
    assert_eq!(phone.lock(), Err(Code::Unavailable));
    world.store.set_down(false);
    assert_eq!(stored(&world, phone.owner), before);
    phone.unlock(PIN).unwrap();
}
