//! Something else happens between the charge of a guess and its settlement.

use std::sync::{Arc, Mutex};

use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, SeededRandomness, UNMODIFIED, WRONG_PIN, World};

use super::count;
use super::shaky::Watched;
use crate::given::*;

const OVERTAKEN: Refusal = Refusal::new(Code::GuessOvertaken);

/// Unlocks while something else happens between the charge and the settlement.
pub(crate) fn meanwhile(
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
        assert_eq!(answer.unwrap_err(), OVERTAKEN);
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
    assert_eq!(answer.unwrap_err(), OVERTAKEN);
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
fn d25_i11_a_guess_overtaken_by_exhaustion_opens_nothing_and_is_reported() {
    for entry in [PIN, WRONG_PIN] {
        let world = Arc::new(World::new());
        let phone = locked_with_pin_only(&world);
        let (inner, token) = (Arc::clone(&world), same_device(&phone));
        let answer = meanwhile(&world, &phone, entry, move || {
            // Four more fit beside it; the fifth only once it is void.
            let wrong = || inner.gate.blocking().unlock_with_pin(&token, &digits(WRONG_PIN), &UNMODIFIED);
            let codes = [(); 5].map(|()| code(wrong().map(drop)).unwrap_err());
            assert_eq!(codes[3..], [Code::IncorrectPin, Code::GuessesInFlight]);
            inner.wait(UNTIL_VOID);
            assert_eq!(code(wrong().map(drop)), Err(Code::PinExhausted));
        });
        assert_eq!(answer.unwrap_err(), OVERTAKEN);
        let refusals = world.journal.refusals(phone.owner);
        let codes: Vec<Code> = refusals.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes, [Code::GuessesInFlight, Code::GuessOvertaken]);
        assert_eq!(count(&trail(&world, &phone), Change::PinExhausted), 1);
        assert_eq!(phone.state(), SessionState::PinExhausted);
    }
}

#[test]
fn e14_i12_a_device_logged_out_between_charge_and_settlement_stays_logged_out() {
    let world = Arc::new(World::new());
    let phone = locked_with_pin_only(&world);
    let (inner, token) = (Arc::clone(&world), same_device(&phone));
    let answer = meanwhile(&world, &phone, PIN, move || {
        inner.gate.blocking().report_integrity(&token, &Modified.into()).unwrap()
    });
    assert_eq!(answer.unwrap_err(), OVERTAKEN);
    assert_eq!(trail(&world, &phone).last(), Some(&Change::LoggedOut(LogOutCause::DeviceModified)));
    assert_eq!(phone.state(), SessionState::LoggedOut);
}

#[test]
fn d25_d26_a_biometric_success_does_not_overtake_and_the_right_pin_opens_anew() {
    for entry in [PIN, WRONG_PIN] {
        let world = Arc::new(World::new());
        let mut phone = world.open_phone(world.employee()).unwrap();
        phone.enable(Modality::Face).unwrap();
        phone.lock().unwrap();
        assert_eq!(phone.mistype(3), Err(Code::IncorrectPin));
        let (inner, text) = (Arc::clone(&world), phone.token.as_ref().unwrap().expose().to_owned());
        let by_face = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&by_face);
        let answer = meanwhile(&world, &phone, entry, move || {
            let mut same_phone = inner.phone(DeviceToken::parse(&text).unwrap().person());
            same_phone.token = DeviceToken::parse(&text).ok();
            same_phone.unlock_by(Modality::Face).unwrap();
            *kept.lock().unwrap() = same_phone.session;
        });
        let by_face = by_face.lock().unwrap().take().unwrap();
        let newest = *trail(&world, &phone).last().unwrap();
        if entry == PIN {
            assert!(is_live(&world, &answer.unwrap()));
            assert!(!is_live(&world, &by_face), "the old token is dead");
            assert_eq!((newest, ledger(&world, &phone)), (Change::UnlockedByPin, Some((0, 0))));
        } else {
            assert_eq!(answer.unwrap_err().code(), Code::IncorrectPin);
            assert!(is_live(&world, &by_face));
            let fourth = Change::PinRejected { failures: 4 };
            assert_eq!((newest, ledger(&world, &phone)), (fourth, Some((4, 0))));
        }
        assert_eq!(phone.state(), SessionState::Authenticated);
    }
}
