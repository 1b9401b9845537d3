//! Every refusal has a stable code, a public view and an audit view (E33).

use pinlatch::account::RequestContext;
use std::collections::BTreeSet;
use std::time::Duration;

use pinlatch::account::PinEntries;
use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::{
    Audience, Cause, Language, NextStep, PublicRefusal, Refusal, RefusalCode as Code, RefusalKind as Kind,
};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, UNMODIFIED, World};

use crate::given::*;

#[test]
fn e33_every_refusal_has_a_stable_code_and_a_text_in_both_languages() {
    let names: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(names.len(), Code::ALL.len());
    assert_eq!(names.len(), 40, "a new code is a decision");
    for code in Code::ALL {
        let refusal = Refusal::because(*code, Cause::UnknownPerson);
        assert_eq!(code.to_string(), code.as_str());
        assert_eq!(format!("{code:?}"), code.as_str());
        for language in [Language::English, Language::Finnish] {
            let public = refusal.public(language);
            assert_eq!(public, Refusal::new(*code).public(language), "no cause in the public view");
            assert_eq!((public.code, public.to_string()), (*code, public.text.to_string()));
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

/// Whom or what a step needs, in a word of the text: in English, and in Finnish.
const fn word_of(next: NextStep) -> Option<[&'static str; 2]> {
    Some(match next {
        NextStep::AskEmployer => ["employer", "työnantaja"],
        NextStep::AskForInvitation => ["administrator", "käyttäjähallitsija"],
        NextStep::PresentInvitation => ["open the invitation", "avaa sinulle lähetetty kutsu"],
        NextStep::Authenticate => ["authenticat", "tunnista"],
        NextStep::TryAgain { .. } => ["gain", "uud"],
        NextStep::LogOutHere => ["log out", "kirjaudu ensin ulos"],
        NextStep::UseAnotherDevice => ["use an unmodified device", "käytä muokkaamatonta laitetta"],
        _ => return None,
    })
}

#[test]
fn i14_a_text_names_the_way_on_that_its_step_is() {
    let again = NextStep::TryAgain { after: Duration::from_secs(9) };
    // What the account knows besides the code.
    let led = [
        (Code::InvitationRequired, NextStep::PresentInvitation),
        (Code::ReinvitationRequired, NextStep::PresentInvitation),
        (Code::ReinvitationRequired, NextStep::Authenticate),
        (Code::NoInvitation, NextStep::AskForInvitation),
        (Code::AuthenticationRequired, again),
        (Code::PinExists, NextStep::Authenticate),
        (Code::StepUpRequired, NextStep::Authenticate),
        (Code::BiometricUnavailable, NextStep::Authenticate),
        (Code::BiometricRejected, NextStep::Authenticate),
    ];
    let led = led.map(|(code, next)| Refusal::new(code).leading_to(next));
    // What is over by itself, and what there is nothing to do about, says so.
    let plain = Code::ALL.iter().filter(|code| **code != Code::NothingToAcknowledge).copied();
    for refusal in plain.map(Refusal::new).chain(led) {
        let Some(words) = word_of(refusal.next_step()) else { continue };
        for (language, word) in [Language::English, Language::Finnish].into_iter().zip(words) {
            let text = refusal.public(language).text.to_lowercase();
            assert!(
                text.contains(word) || text.contains("later") || text.contains("myöhemmin"),
                "{refusal:?}: {text}"
            );
        }
    }
    for refusal in led {
        for language in [Language::English, Language::Finnish] {
            assert_ne!(refusal.public(language).text, refusal.code().message(language), "{refusal:?}");
            let public = refusal.public(language).text;
            let asks = public.contains("Ask your") || public.contains("Pyydä");
            assert!(!asks, "{refusal:?}: {public}");
        }
    }
}

/// Every code, with the kind of "no" it is, and what is to be done next.
fn kinds_and_steps() -> Vec<(Kind, NextStep, Vec<Code>)> {
    use Code as C;
    let again = |seconds| NextStep::TryAgain { after: Duration::from_secs(seconds) };
    vec![
        (Kind::Retry, again(0), vec![C::GuessOvertaken]),
        (Kind::Retry, again(5), vec![C::GuessesInFlight, C::DeviceIntegrityUnknown]),
        (Kind::Retry, again(30), vec![C::ClockUnavailable, C::Unavailable, C::AuditTrailFull]),
        (Kind::EnterPin, NextStep::CreatePin, vec![C::PinRequired]),
        (
            Kind::EnterPin,
            NextStep::EnterPin,
            vec![
                C::SessionRequired,
                C::Locked,
                C::IncorrectPin,
                C::PinExists,
                C::StepUpRequired,
                C::BiometricRejected,
                C::BiometricUnavailable,
            ],
        ),
        (
            Kind::Authenticate,
            NextStep::Authenticate,
            vec![
                C::AuthenticationRequired,
                C::AuthenticationFailed,
                C::MethodNotAvailable,
                C::CredentialUnusable,
                C::NothingToAcknowledge,
            ],
        ),
        (Kind::Acknowledge, NextStep::Acknowledge, vec![C::PinExhausted, C::AcknowledgementRequired]),
        (
            Kind::AskAdministrator,
            NextStep::AskForInvitation,
            vec![C::ReinvitationRequired, C::InvitationRequired],
        ),
        (
            Kind::AskAdministrator,
            NextStep::AskEmployer,
            vec![C::NoChargeableService, C::NotEligible, C::NotAUser, C::FunctionNotInServices],
        ),
        (
            Kind::FixInput,
            NextStep::CorrectInput,
            vec![
                C::PinMalformed,
                C::PinMismatch,
                C::PinTooWeak,
                C::PinUnchanged,
                C::NothingToChange,
                C::UnknownDevice,
                C::NoInvitation,
                C::RecordFull,
            ],
        ),
        (Kind::NotAllowed, NextStep::LogOutHere, vec![C::DeviceInUse]),
        (Kind::NotAllowed, NextStep::UseAnotherDevice, vec![C::UnsupportedDevice]),
        (Kind::NotAllowed, NextStep::NotAllowed, vec![C::NotOwnData, C::NoRight, C::NotAuthorised]),
    ]
}

#[test]
fn e33_every_code_has_a_kind_and_a_next_step() {
    let mut seen = BTreeSet::new();
    for (kind, step, codes) in kinds_and_steps() {
        for code in codes {
            assert!(seen.insert(code), "{code} twice");
            assert_eq!((code.kind(), code.next_step()), (kind, step), "{code}");
            let public = Refusal::because(code, Cause::UnknownPerson).public(Language::English);
            assert_eq!((public.kind, public.next), (kind, step), "{code}");
        }
    }
    assert_eq!(seen.len(), Code::ALL.len());
}

#[test]
fn e33_the_step_that_the_account_names_goes_before_that_of_the_code() {
    let refusal = Refusal::new(Code::IncorrectPin).leading_to(NextStep::Authenticate);
    assert_eq!(refusal.next_step(), NextStep::Authenticate);
    let public = refusal.public(Language::English);
    assert_eq!((public.kind, public.next), (Kind::EnterPin, NextStep::Authenticate));
    assert_eq!(public.text, "Incorrect PIN code");
    assert_eq!(refusal.audit().to_string(), "IncorrectPin");
}

#[test]
fn e33_the_new_codes_have_the_texts_of_the_product() {
    for (code, english, finnish) in [
        (
            Code::GuessesInFlight,
            "Your PIN code is being checked. Try again in a moment.",
            "PIN-koodiasi tarkistetaan. Yritä hetken kuluttua uudelleen.",
        ),
        (
            Code::GuessOvertaken,
            "Something has changed in the meantime. Try again.",
            "Tilanne on muuttunut. Yritä uudelleen.",
        ),
        (Code::PinExists, "You already have a PIN code. Enter it.", "Sinulla on jo PIN-koodi. Syötä se."),
        (
            Code::DeviceInUse,
            "Someone else is signed in on this device. Log out first.",
            "Tällä laitteella on kirjautuneena toinen henkilö. Kirjaudu ensin ulos.",
        ),
        (Code::StepUpRequired, "Enter your PIN code to continue.", "Jatka syöttämällä PIN-koodisi."),
        (
            Code::RecordFull,
            "No more entries fit for this person.",
            "Tälle henkilölle ei mahdu enempää merkintöjä.",
        ),
    ] {
        assert_eq!([Language::English, Language::Finnish].map(|it| code.message(it)), [english, finnish]);
    }
}

#[test]
fn e33_an_administrator_is_told_of_the_other_person_and_not_of_oneself() {
    let to = |code, audience| Refusal::new(code).told_to(audience);
    for code in Code::ALL {
        let (person, administrator) = (to(*code, Audience::Person), to(*code, Audience::Administrator));
        assert_eq!(person, Refusal::new(*code));
        // Whoever would be sent to an administrator is one.
        if code.kind() == Kind::AskAdministrator {
            assert_eq!(
                (administrator.kind(), administrator.next_step()),
                (Kind::FixInput, NextStep::CorrectInput)
            );
            for (language, about_me) in [(Language::English, "you"), (Language::Finnish, "sin")] {
                let text = administrator.public(language).text.to_lowercase();
                assert!(!text.split([' ', '.']).any(|word| word.starts_with(about_me)), "{code}: {text}");
                assert_ne!(administrator.public(language).text, person.public(language).text, "{code}");
            }
        } else {
            assert_eq!((administrator.kind(), administrator.next_step()), (code.kind(), code.next_step()));
        }
    }
    let not_a_user = to(Code::NotAUser, Audience::Administrator);
    assert_eq!(not_a_user.to_string(), "This person has not been added as a user.");
    assert_eq!(not_a_user.public(Language::Finnish).text, "Henkilöä ei ole lisätty käyttäjäksi.");
    assert_eq!(
        Refusal::new(Code::NotAUser).to_string(),
        "You have not been added as a user. Ask your employer."
    );
}

#[test]
fn e33_a_host_may_word_it_in_its_own_way() {
    let refusal = Refusal::because(Code::PinMalformed, Cause::WrongLength).for_pin_digits(8);
    let public = refusal.told_to(Audience::Administrator).public_with(|code, details| {
        format!("{code} {:?} {:?} {:?}", details.audience, details.pin_digits, details.next)
    });
    assert_eq!(public.text, "PinMalformed Administrator Some(8) CorrectInput");
    assert_eq!((public.code, public.kind), (Code::PinMalformed, Kind::FixInput));
    let borrowed = Refusal::new(Code::Locked).public_with(|_, details| {
        assert_eq!(details.pin_digits, None);
        "Låst"
    });
    assert_eq!(borrowed.to_string(), "Låst");
}

#[test]
fn d19_e33_a_phone_is_told_how_many_digits_its_pin_has() {
    let world = World::new();
    let mut phone = pending_phone(&world, world.employee());
    let (gate, words) = (world.gate.blocking(), PersonalWords::none());
    let said = |error: GateError| error.refusal().public(Language::English).text;
    let entries = |text| PinEntries { pin: digits(text), confirmation: digits(text) };
    let five = gate.create_pin(&same_device(&phone), &entries("28491"), &words, &UNMODIFIED).unwrap_err();
    assert_eq!(said(five), "Enter a PIN code of 6 digits.");

    phone.create_pin(PIN).unwrap();
    let session = same_session(&phone);
    let changed = |current, new| {
        said(gate.change_pin(&session, &digits(current), &entries(new), &words, &UNMODIFIED).unwrap_err())
    };
    assert_eq!(changed("28491", ANOTHER_PIN), "Enter a PIN code of 6 digits.");
    assert_eq!(changed(PIN, "5306"), "Enter a PIN code of 6 digits.");
    phone.lock().unwrap();
    let five = gate.unlock_with_pin(&same_device(&phone), &digits("28491"), &UNMODIFIED).unwrap_err();
    assert_eq!(said(five), "Enter a PIN code of 6 digits.");
}

/// What each command answers to these tokens, as whoever asked sees it.
fn answers(world: &World, device: &DeviceToken, session: &SessionToken) -> Vec<PublicRefusal> {
    let gate = world.gate.blocking();
    let entries = || PinEntries { pin: digits(PIN), confirmation: digits(PIN) };
    let words = PersonalWords::none();
    let baseline = Some(Baseline::of(b""));
    let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
    let other = pinlatch::id::DeviceId::from_u128(1);
    let wanted = pinlatch::account::Wanted::session();
    let errors = [
        gate.unlock_with_pin(device, &digits(PIN), &UNMODIFIED).unwrap_err(),
        gate.unlock_with_biometric(device, &face, &UNMODIFIED).unwrap_err(),
        gate.create_pin(device, &entries(), &words, &UNMODIFIED).unwrap_err(),
        gate.lock(device, &UNMODIFIED).unwrap_err(),
        gate.acknowledge(device, &UNMODIFIED).unwrap_err(),
        gate.unlock_with_pin(device, &digits(PIN), &RequestContext::new(Unknown)).unwrap_err(),
        gate.unlock_with_pin(device, &digits(PIN), &RequestContext::new(Modified)).unwrap_err(),
        gate.check(session, wanted, &UNMODIFIED).unwrap_err(),
        gate.change_pin(session, &digits(PIN), &entries(), &words, &UNMODIFIED).unwrap_err(),
        gate.enable_biometric(session, Modality::Face, Baseline::of(b""), &UNMODIFIED).unwrap_err(),
        gate.disable_biometric(session, Modality::Face, &UNMODIFIED).unwrap_err(),
        gate.devices(session, &UNMODIFIED).unwrap_err(),
        gate.log_out_device(session, other, &UNMODIFIED).unwrap_err(),
        gate.log_out_everywhere(session, &UNMODIFIED).unwrap_err(),
    ];
    assert_eq!(gate.device_view(device, &UNMODIFIED).unwrap().state, SessionState::LoggedOut);
    gate.log_out(device, &UNMODIFIED).unwrap();
    errors.iter().map(|error| error.refusal().public(Language::English)).collect()
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
