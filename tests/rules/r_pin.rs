//! R11–R16: the right PIN, the wrong one, and the fifth wrong one.

use pinlatch::gate::GateError;
use pinlatch::refusal::{Language, Refusal, RefusalCode};
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Change, Modality, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, pin};

use crate::given::{
    changes, code, device, enrolled, exhausted_phone, is_live, locked_phone, record, refused, row, rows,
    session, unnoticed_by,
};

const BOTH: [Modality; 2] = [Modality::Face, Modality::Fingerprint];

/// Enters a wrong PIN, and answers with what is shown.
fn shown(world: &World, token: &DeviceToken) -> (RefusalCode, &'static str, &'static str) {
    let answer = world.gate.blocking().unlock_with_pin(token, &pin(WRONG_PIN).unwrap(), &UNMODIFIED);
    let refusal: Refusal = answer.map(|_| ()).unwrap_err().refusal();
    let (english, finnish) = (refusal.public(Language::English), refusal.public(Language::Finnish));
    assert_eq!((english.code, finnish.code), (refusal.code(), refusal.code()));
    (refusal.code(), english.text, finnish.text)
}

const INCORRECT: (RefusalCode, &str, &str) =
    (RefusalCode::IncorrectPin, "Incorrect PIN code", "Väärä PIN-koodi");

const EXHAUSTED: (RefusalCode, &str, &str) = (
    RefusalCode::PinExhausted,
    "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.",
    "Väärä PIN-koodi. Syötit väärän PIN-koodin liian monta kertaa. Tunnistaudu uudelleen.",
);

#[test]
fn r11_the_right_pin_opens_the_lock_without_strong_authentication() {
    for failures in 0..=4_u8 {
        let world = World::new();
        let anna = world.employee();
        let mut phone = locked_phone(&world, anna);
        let old = session(&phone);
        let _ = phone.mistype(usize::from(failures));
        assert_eq!(enrolled(&world, &phone), Some((failures, failures, BOTH.to_vec())));

        let hashed = world.hasher.count();
        let seen = changes(&world, anna, || phone.unlock(PIN).unwrap());
        assert_eq!(seen, [Change::UnlockedByPin]);
        assert_eq!(world.hasher.count(), hashed + 1, "one comparison");
        assert_eq!(phone.state(), SessionState::Authenticated);
        assert_eq!(enrolled(&world, &phone), Some((0, 0, BOTH.to_vec())));
        assert_ne!(old.expose(), session(&phone).expose());
        assert!(!is_live(&world, &old));
        assert!(is_live(&world, &session(&phone)));
    }
}

#[test]
fn r11_d05_the_right_pin_takes_back_the_failures_and_no_guess_that_was_never_settled() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = locked_phone(&world, anna);
    let _ = phone.mistype(3);
    // This guess is paid for, and then the hasher fails: whether it was right is never known.
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(PIN), Err(RefusalCode::Unavailable));
    world.hasher.set_failing(false);
    assert_eq!(enrolled(&world, &phone), Some((3, 4, BOTH.to_vec())));

    phone.unlock(PIN).unwrap();
    assert_eq!(enrolled(&world, &phone), Some((0, 1, BOTH.to_vec())));
}

#[test]
fn r11_an_open_app_has_nothing_to_unlock() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.open_phone(anna).unwrap();
    refused(&world, anna, RefusalCode::NotLocked, || phone.unlock(PIN));
    refused(&world, anna, RefusalCode::NotLocked, || phone.unlock(WRONG_PIN));
    refused(&world, anna, RefusalCode::NotLocked, || phone.unlock_by(Modality::Face));
    let _ = phone.check().unwrap();
}

#[test]
fn r12_each_of_the_first_four_wrong_pins_counts_one_and_says_so() {
    let world = World::new();
    let (anna, otto) = (world.employee(), world.employee());
    let phone = locked_phone(&world, anna);
    let tablet = locked_phone(&world, anna);
    locked_phone(&world, otto);
    let (token, others) = (device(&phone), row(&world, &tablet));
    for failures in 1..=4 {
        let hashed = world.hasher.count();
        let seen = changes(&world, anna, || {
            unnoticed_by(&world, &[otto], || assert_eq!(shown(&world, &token), INCORRECT));
        });
        assert_eq!(seen, [Change::PinRejected { failures }]);
        assert_eq!(world.hasher.count(), hashed + 1);
        assert_eq!(phone.state(), SessionState::Locked);
        assert_eq!(enrolled(&world, &phone), Some((failures, failures, BOTH.to_vec())));
        assert_eq!(row(&world, &tablet), others);
    }
    assert_eq!(world.journal.refusals(anna), [], "it is in the trail as a transition, once");
}

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
        unnoticed_by(&world, &[otto], || assert_eq!(shown(&world, &device(&phone)), EXHAUSTED));
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
    let before = record(&world, anna).unwrap().len();
    let (_, swaps) = world.store.operations();

    assert_eq!(phone.unlock(WRONG_PIN), Err(RefusalCode::PinExhausted));
    assert_eq!(world.store.operations().1, swaps + 2, "one write to pay, one to settle and wipe");
    assert_eq!(enrolled(&world, &phone), None);
    assert!(record(&world, anna).unwrap().len() < before, "the hash has left the record");

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
        let (old, old_device) = (session(&phone), device(&phone));
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
    assert_eq!(code(unlock(&world, &device(&phone), WRONG_PIN)), Err(RefusalCode::PinExhausted));
}

fn unlock(world: &World, token: &DeviceToken, digits: &str) -> Result<(), GateError> {
    world.gate.blocking().unlock_with_pin(token, &pin(digits).unwrap(), &UNMODIFIED).map(|_| ())
}
