//! Something else happens between the charge of a guess and its settlement.

use std::sync::Arc;

use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, SeededRandomness, UNMODIFIED, WRONG_PIN, World};

use super::count;
use super::shaky::Watched;
use crate::given::*;

/// Unlocks while something else happens between the charge and the settlement.
fn meanwhile(
    world: &Arc<World>,
    phone: &Phone<'_>,
    entry: &str,
    happens: impl Fn() + Send + Sync + 'static,
) -> Result<SessionToken, Refusal> {
    let host = HostParts {
        store: Blocking(Arc::clone(&world.store)),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(7),
    };
    let hasher = Watched::new(&world.hasher, happens);
    let gate = Gate::builder(host).peppers(peppers()).hasher(hasher).build();
    let answer = gate.unwrap().blocking().unlock_with_pin(&same_device(phone), &digits(entry), &UNMODIFIED);
    answer.map_err(|error| error.refusal())
}

#[test]
fn e13_i12_revoke_all_beats_a_concurrent_unlock() {
    for entry in [PIN, WRONG_PIN] {
        let world = Arc::new(World::new());
        let phone = locked_with_pin_only(&world);
        let (inner, anna, actor) = (Arc::clone(&world), phone.owner, world.administrator(ACME));
        let answer = meanwhile(&world, &phone, entry, move || revoke_all(&inner, &actor, anna).unwrap());
        assert_eq!(answer.unwrap_err(), Refusal::because(Code::ReinvitationRequired, Cause::GuessOvertaken));
        assert_eq!(phone.state(), SessionState::RevokedAll);
        assert_eq!(trail(&world, &phone).last(), Some(&Change::RevokedAll));
        assert_eq!(world.journal.refusals(anna).len(), 1);
    }
}

#[test]
fn e13_a_revocation_and_a_new_sign_in_between_do_not_let_the_old_guess_open_the_new_session() {
    let world = Arc::new(World::new());
    let phone = locked_with_pin_only(&world);
    let (inner, anna, actor) = (Arc::clone(&world), phone.owner, world.administrator(ACME));
    let text = phone.token.as_ref().unwrap().expose().to_owned();
    let answer = meanwhile(&world, &phone, PIN, move || {
        revoke_all(&inner, &actor, anna).unwrap();
        let mut same_phone = inner.phone(anna);
        same_phone.token = DeviceToken::parse(&text).ok();
        same_phone.sign_in_with_invitation(&inner.invited(anna).unwrap()).unwrap();
        same_phone.create_pin(PIN).unwrap();
        same_phone.lock().unwrap();
    });
    let overtaken = Refusal::because(Code::AuthenticationRequired, Cause::GuessOvertaken);
    assert_eq!(answer.unwrap_err(), overtaken);
    let account = world.account(anna).unwrap();
    assert_eq!(account.device_sessions()[0].session().state(), SessionState::Locked);
    let attempts = account.device_sessions()[0].session().enrolment().unwrap().attempts().clone();
    assert_eq!(
        (attempts.failures(), attempts.in_flight().len()),
        (0, 0),
        "the new PIN is not charged for it"
    );
}

#[test]
fn i11_i12_a_guess_overtaken_by_exhaustion_opens_nothing_and_is_reported() {
    let world = Arc::new(World::new());
    let phone = locked_with_pin_only(&world);
    let (inner, token) = (Arc::clone(&world), same_device(&phone));
    let answer = meanwhile(&world, &phone, PIN, move || {
        for _ in 0..5 {
            let wrong = inner.gate.blocking().unlock_with_pin(&token, &digits(WRONG_PIN), &UNMODIFIED);
            assert!(wrong.is_err());
        }
    });
    let overtaken = Refusal::because(Code::PinExhausted, Cause::GuessOvertaken);
    assert_eq!(answer.unwrap_err(), overtaken);
    let fifth = Refusal::because(Code::PinExhausted, Cause::GuessesInFlight);
    assert_eq!(world.journal.refusals(phone.owner), [fifth, overtaken]);
    assert_eq!(count(&trail(&world, &phone), Change::PinExhausted), 1);
    assert_eq!(phone.state(), SessionState::PinExhausted);
}

#[test]
fn e14_i12_a_device_logged_out_between_charge_and_settlement_stays_logged_out() {
    let world = Arc::new(World::new());
    let phone = locked_with_pin_only(&world);
    let (inner, token) = (Arc::clone(&world), same_device(&phone));
    let answer = meanwhile(&world, &phone, PIN, move || {
        inner.gate.blocking().report_integrity(&token, Modified).unwrap()
    });
    assert_eq!(answer.unwrap_err(), Refusal::because(Code::AuthenticationRequired, Cause::GuessOvertaken));
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::DeviceModified)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
}

#[test]
fn i12_a_right_pin_settled_in_an_app_that_is_open_by_now_is_refunded_and_opens_nothing() {
    let world = Arc::new(World::new());
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    assert_eq!(phone.mistype(3), Err(Code::IncorrectPin));
    let (inner, text) = (Arc::clone(&world), phone.token.as_ref().unwrap().expose().to_owned());
    let answer = meanwhile(&world, &phone, PIN, move || {
        let mut same_phone = inner.phone(DeviceToken::parse(&text).unwrap().person());
        same_phone.token = DeviceToken::parse(&text).ok();
        same_phone.unlock_by(Modality::Face).unwrap();
    });
    assert_eq!(answer.unwrap_err(), Refusal::new(Code::NotLocked));
    assert_eq!(ledger(&world, &phone), Some((0, 0)), "it was the right PIN");
    assert_eq!(count(&trail(&world, &phone), Change::UnlockedByPin), 0);
    assert_eq!(phone.state(), SessionState::Authenticated);
}
