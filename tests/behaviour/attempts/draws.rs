//! A draw is used once: what is drawn again is refused, with nothing changed and no proof given.

use pinlatch::account::{
    Account, AuthenticationStart, BeginFor, DeviceLabel, SignIn, StrongAuthentication, UnlockAttempt,
};
use pinlatch::host::Blocking;
use pinlatch::id::{AttemptId, CredentialId, DeviceId, StartId, WriteId};
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::{PersonalWords, PinDraw};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Modality, SessionState};
use pinlatch_testkit::faults::RepeatingRandomness;
use pinlatch_testkit::{ANOTHER_PIN, PIN, SeededRandomness, UNMODIFIED, WRONG_PIN, World};

use super::driver::{Driver, pin_draw, seen};
use super::ways::{OPEN, Play, Purpose};
use crate::given::*;

const REPEATED: Refusal = Refusal::because(Code::Unavailable, Cause::DrawRepeated);

/// Refused because of what was drawn, and the account is to the byte what it was.
#[track_caller]
fn repeats<T>(account: &mut Account, act: impl FnOnce(&mut Account) -> Result<T, Refusal>) {
    let before = account.encode().unwrap();
    assert_eq!(act(account).err(), Some(REPEATED));
    assert!(!account.is_changed());
    assert_eq!(account.encode().unwrap(), before);
}

#[test]
fn e39_an_attempt_in_flight_is_charged_once_for_whatever_purpose() {
    let world = World::new();
    let mut play = Play::of(&world, Purpose::OpenAnew);
    let (driver, account) = (&play.driver, &mut play.account);
    let _permit = driver.charge(account, WRONG_PIN, 5).unwrap();
    for entry in [PIN, WRONG_PIN] {
        repeats(account, |account| driver.charge(account, entry, 5));
        let change = driver.change(5, entry);
        repeats(account, |account| driver.charge_change(account, &driver.session(OPEN), &change));
    }
    assert_eq!(seen(account).1, Some((0, 1)));
}

#[test]
fn e39_a_claim_in_flight_is_given_once() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &pending_phone(&world, world.employee()));
    let _claim = driver.claim(&mut account, PIN, pin_draw(1)).unwrap();
    for pin in [PIN, ANOTHER_PIN] {
        repeats(&mut account, |account| driver.claim(account, pin, pin_draw(1)));
    }
}

/// An open account whose credential has the id and salt of this draw.
fn open_with(world: &World, draw: PinDraw) -> (Driver<'_>, Account) {
    let (driver, mut account) = Driver::of(world, &pending_phone(world, world.employee()));
    let claim = driver.claim(&mut account, PIN, draw).unwrap();
    let pin = claim.assert_written().make(&driver.hashing()).unwrap();
    let (facts, context) = (driver.facts(), driver.context());
    account.create_pin(&driver.token, &pin, &driver.session(OPEN), &facts, &context).unwrap();
    driver.written(&mut account);
    (driver, account)
}

#[test]
fn e39_a_changed_pin_has_an_id_and_a_salt_of_its_own() {
    let world = World::new();
    let draw = || PinDraw {
        attempt: AttemptId::from_u128(1),
        credential: CredentialId::from_u128(2),
        salt: [3; 16],
    };
    let (driver, mut account) = open_with(&world, draw());
    for (credential, salt) in [(draw().credential, [9; 16]), (CredentialId::from_u128(9), draw().salt)] {
        for current in [PIN, WRONG_PIN] {
            let mut change = driver.change(7, current);
            (change.credential, change.salt) = (credential, salt);
            repeats(&mut account, |account| driver.charge_change(account, &driver.session(OPEN), &change));
        }
    }
    assert_eq!(world.hasher.count(), 1, "nothing was compared");
}

#[test]
fn e39_a_renewed_hash_has_a_salt_of_its_own() {
    let world = World::new();
    let (driver, mut account) = open_with(&world, pin_draw(1));
    let salt = pin_draw(1).salt;
    for entry in [PIN, WRONG_PIN] {
        let draw = UnlockAttempt { attempt: AttemptId::from_u128(8), salt };
        repeats(&mut account, |account| {
            let (facts, context) = (driver.facts(), driver.context());
            account.charge_unlock(&driver.token, &digits(entry), draw, &driver.peppers, &facts, &context)
        });
    }
}

#[test]
fn e39_i06_a_session_token_opens_one_session() {
    let world = World::new();
    for entry in [PIN, WRONG_PIN] {
        let mut play = Play::of(&world, Purpose::OpenAnew);
        let (driver, account) = (&play.driver, &mut play.account);
        let charge = driver.charge(account, entry, 5).unwrap();
        let settlement = driver.compare(charge);
        // The token that is open already: for a right and a wrong guess alike.
        repeats(account, |account| driver.settle(account, &settlement, OPEN));
        let expected = if entry == PIN { Ok(()) } else { Err(Code::IncorrectPin.into()) };
        assert_eq!(driver.settle(account, &settlement, 44), expected);
    }
    let mut play = Play::of(&world, Purpose::OpenAnew);
    let before = play.account.encode().unwrap();
    assert_eq!(play.show_face(OPEN), Err(REPEATED));
    assert_eq!(play.account.encode().unwrap(), before);
    play.show_face(45).unwrap();
}

#[test]
fn e39_i06_a_pin_created_opens_with_a_token_that_no_other_device_has() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let (driver, mut account) = Driver::of(&world, &pending_phone(&world, anna));
    let claim = driver.claim(&mut account, PIN, pin_draw(1)).unwrap();
    let pin = claim.assert_written().make(&driver.hashing()).unwrap();
    repeats(&mut account, |account| {
        account.create_pin(&driver.token, &pin, &same_session(&phone), &driver.facts(), &driver.context())
    });
}

#[test]
fn e39_a_device_session_has_an_id_and_a_token_of_its_own() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    let (driver, mut account) = Driver::of(&world, &phone);
    let start = AuthenticationStart::for_nobody(StartId::from_u128(1), driver.now.unwrap());
    let bank = AuthenticationMethod::BankCredentials;
    let evidence = StrongAuthentication::verified_by_host(start, anna, bank);
    let new = || DeviceToken::from_secret(anna, &mut [7; 32]);
    let taken = [(phone.id.unwrap(), new()), (DeviceId::from_u128(7), same_device(&phone))];
    for known in [None, Some(&driver.token)] {
        for (device, token) in &taken {
            let label = DeviceLabel::new("phone").unwrap();
            let sign_in = SignIn { evidence, label, known, invitation: None };
            repeats(&mut account, |account| {
                account.authenticate(&sign_in, *device, token, &driver.facts(), &driver.context())
            });
        }
    }
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    let (facts, context) = (driver.facts(), driver.context());
    // Nor that of a device that is logged out, for as long as it is remembered.
    account.log_out(&driver.token, &context);
    driver.written(&mut account);
    repeats(&mut account, |account| {
        account.authenticate(&sign_in, DeviceId::from_u128(7), &driver.token, &facts, &context)
    });
    account.authenticate(&sign_in, DeviceId::from_u128(7), &new(), &facts, &context).unwrap();
}

#[test]
fn e39_a_write_has_an_id_of_its_own() {
    let world = World::new();
    let (driver, mut account) = Driver::of(&world, &locked_with_pin_only(&world));
    driver.charge(&mut account, PIN, 1).map(drop).unwrap();
    account.stamp(WriteId::from_u128(500)).unwrap();
    let before = account.encode().unwrap();
    assert_eq!(account.stamp(WriteId::from_u128(500)), Err(REPEATED));
    assert_eq!(account.encode().unwrap(), before);
    account.stamp(WriteId::from_u128(501)).unwrap();
}

/// What a life on a gate with a broken random source has come to.
struct Life {
    sessions: usize,
    refused: usize,
}

/// Somebody signs in on two phones, opens, mistypes, changes the PIN, again and again, and takes every refusal
/// for an answer.
fn life(period: usize, seed: u64) -> Life {
    let world = World::builder().seed(seed).build();
    let anna = world.employee();
    let randomness = RepeatingRandomness::every(period, SeededRandomness::new(seed + 1_000));
    let gate = gate_drawing(&world, Blocking(&*world.store), randomness);
    let gate = gate.blocking();
    let mut life = Life { sessions: 0, refused: 0 };
    let mut phones: Vec<(DeviceToken, &str)> = Vec::new();
    for round in 0..6 {
        let Ok(offer) = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED) else { continue };
        let bank = AuthenticationMethod::BankCredentials;
        let evidence = StrongAuthentication::verified_by_host(offer.start, anna, bank);
        let label = DeviceLabel::new("phone").unwrap();
        let sign_in = SignIn { evidence, label, known: None, invitation: None };
        match gate.authenticate(sign_in, &UNMODIFIED) {
            Ok(signed_in) => phones.push((signed_in.token, "")),
            Err(_) => life.refused += 1,
        }
        for (token, pin) in &mut phones {
            if pin.is_empty() {
                let created = gate.create_pin(token, &entries(PIN), &PersonalWords::none(), &UNMODIFIED);
                *pin = if created.is_ok() { PIN } else { *pin };
            }
            if pin.is_empty() {
                continue;
            }
            // No wrong PIN is answered with a session.
            let wrong = gate.unlock_with_pin(token, &digits(WRONG_PIN), &UNMODIFIED).map(drop);
            assert!(wrong.is_err(), "period {period}, round {round}");
            let Ok(session) = gate.unlock_with_pin(token, &digits(pin), &UNMODIFIED) else {
                life.refused += 1;
                continue;
            };
            life.sessions += 1;
            assert!(is_live(&world, &session), "what was given is good");
            let new = if *pin == PIN { ANOTHER_PIN } else { PIN };
            let none = PersonalWords::none();
            if gate.change_pin(&session, &digits(pin), &entries(new), &none, &UNMODIFIED).is_ok() {
                // No old PIN survives a change.
                let old = gate.unlock_with_pin(token, &digits(pin), &UNMODIFIED).map(drop);
                assert!(old.is_err(), "period {period}, round {round}");
                *pin = new;
            }
            let locked = code(gate.lock(token, &UNMODIFIED));
            assert!(matches!(locked, Ok(()) | Err(Code::Unavailable)), "{locked:?}");
            // No guard is skipped because a token is there already.
            let modified = pinlatch::account::RequestContext::new(Unknown);
            assert!(gate.unlock_with_pin(token, &digits(pin), &modified).is_err());
            assert_eq!(answer_to(&world, &session).is_err(), locked.is_ok(), "what is told is done");
        }
        // The record can be read, and no two devices share an id or a token.
        if stored(&world, anna).is_some() {
            let account = world.account(anna).expect("a record that can be read");
            let mut ids: Vec<DeviceId> = account.device_sessions().iter().map(|device| device.id()).collect();
            ids.sort_unstable();
            assert!(ids.windows(2).all(|pair| pair[0] != pair[1]));
        }
    }
    life
}

#[test]
fn e39_i06_a_random_source_that_repeats_itself_opens_nothing_and_breaks_nothing() {
    let (mut sessions, mut refused) = (0, 0);
    for period in 1..=40 {
        for seed in 0..4 {
            let Life { sessions: opened, refused: told } = life(period, seed);
            (sessions, refused) = (sessions + opened, refused + told);
        }
    }
    assert!(sessions > 50 && refused > 50, "{sessions} opened, {refused} refused: both were tried");
    assert!(life(100_000, 1).sessions > 20, "an honest source refuses nobody");
}

#[test]
fn e39_d25_a_broken_source_tells_no_right_guess_from_a_wrong_one_by_refusing_it() {
    // The token drawn for the new session is the one that is open: refused before the guess is looked at.
    for entry in [PIN, WRONG_PIN] {
        let world = World::new();
        let mut play = Play::of(&world, Purpose::OpenAnew);
        let settlement = play.guess(entry);
        assert_eq!(play.driver.settle(&mut play.account, &settlement, OPEN), Err(REPEATED));
        assert_eq!(seen(&play.account), (SessionState::Authenticated, Some((0, 1))));
    }
}

#[test]
fn e39_a_face_enabled_is_no_way_around_a_repeated_token() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    let gate = gate_drawing(
        &world,
        Blocking(&*world.store),
        RepeatingRandomness::every(2, SeededRandomness::new(77)),
    );
    let token = device_of(&phone);
    let baseline = Some(pinlatch::session::Baseline::of(&phone.biometric_state));
    let assertion =
        pinlatch::session::BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
    let first = gate.blocking().unlock_with_biometric(&token, &assertion, &UNMODIFIED).unwrap();
    // The same token and the same write id again.
    let second = gate.blocking().unlock_with_biometric(&token, &assertion, &UNMODIFIED);
    assert_eq!(code(second.map(drop)), Err(Code::Unavailable));
    assert!(is_live(&world, &first));
    phone.unlock(PIN).unwrap();
}
