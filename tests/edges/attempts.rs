//! The attempt protocol through the gate: threads, a failing hasher, a revocation in between.

use std::sync::{Arc, Barrier};
use std::thread;

use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::refusal::{Cause, Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, LogOutCause, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, SeededRandomness, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;
use crate::shaky::Watched;

const THREADS: usize = 64;

fn locked_phone(world: &World) -> Phone<'_> {
    let phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    phone
}

/// Enters these PINs at once, each on a thread of its own.
fn at_once(world: &World, phone: &Phone<'_>, entries: &[&str]) -> Vec<Result<SessionToken, Refusal>> {
    let text = phone.token.as_ref().unwrap().expose();
    let start = Barrier::new(entries.len());
    let attempt = |entry: &str| {
        let token = DeviceToken::parse(text).unwrap();
        let entry = digits(entry);
        start.wait();
        let answer = world.gate.blocking().unlock_with_pin(&token, &entry, &UNMODIFIED);
        answer.map_err(|error| error.refusal())
    };
    thread::scope(|scope| {
        let threads: Vec<_> = entries.iter().map(|entry| scope.spawn(|| attempt(entry))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn count(trail: &[Change], wanted: Change) -> usize {
    trail.iter().filter(|change| **change == wanted).count()
}

#[test]
fn i12_sixty_four_wrong_pins_at_once_are_compared_five_times() {
    for _ in 0..5 {
        let world = World::new();
        let phone = locked_phone(&world);
        let hashed = world.hasher.count();
        let answers = at_once(&world, &phone, &[WRONG_PIN; THREADS]);
        // Whether the fifth comparison or a further attempt exhausts first, five are compared.
        assert_eq!(world.hasher.count() - hashed, 5);
        for answer in &answers {
            let code = answer.as_ref().unwrap_err().code();
            assert!(matches!(code, Code::IncorrectPin | Code::PinExhausted), "{code}");
        }
        let trail = trail(&world, &phone);
        assert_eq!(count(&trail, Change::PinExhausted), 1);
        assert_eq!(trail.last(), Some(&Change::PinExhausted));
        let rejected: Vec<_> =
            trail.iter().filter(|change| matches!(change, Change::PinRejected { .. })).copied().collect();
        let in_order: Vec<_> = (1..=4).map(|failures| Change::PinRejected { failures }).collect();
        assert!(in_order.starts_with(&rejected), "{rejected:?}");
        let of_charge = answers.iter().any(|it| it.as_ref().unwrap_err().cause() == Cause::GuessesInFlight);
        let counted = rejected.len() + usize::from(!of_charge);
        assert_eq!(world.journal.refusals(phone.owner).len(), THREADS - counted, "each leaves one trace");
        assert_eq!(world.journal.contradictions(), 0);
        let sequence: Vec<u64> = world.journal.events(phone.owner).iter().map(|it| it.sequence).collect();
        assert_eq!(sequence, (0..sequence.len() as u64).collect::<Vec<_>>());
        assert_eq!(phone.state(), SessionState::PinExhausted);
        assert_eq!(ledger(&world, &phone), None);
    }
}

#[test]
fn i12_a_right_pin_among_sixty_three_wrong_ones_buys_no_sixth_comparison() {
    for seed in 0..10 {
        let world = World::builder().seed(seed).build();
        let phone = locked_phone(&world);
        let hashed = world.hasher.count();
        let mut entries = [WRONG_PIN; THREADS];
        entries[usize::try_from(seed).unwrap()] = PIN;
        let answers = at_once(&world, &phone, &entries);
        let compared = world.hasher.count() - hashed;
        assert!(compared <= 5, "{compared}");
        let opened = answers.iter().filter(|answer| answer.is_ok()).count();
        let trail = trail(&world, &phone);
        assert_eq!(count(&trail, Change::UnlockedByPin), opened);
        assert!(opened <= 1);
        assert_eq!(world.journal.contradictions(), 0);
        if opened == 1 && phone.state() == SessionState::Authenticated {
            let (failures, in_flight) = ledger(&world, &phone).unwrap();
            assert_eq!(in_flight, 0, "every guess was settled");
            phone.lock().unwrap();
            let left = 5 - usize::from(failures);
            let hashed = world.hasher.count();
            let _refused = at_once(&world, &phone, &[WRONG_PIN; 16]);
            assert_eq!(world.hasher.count() - hashed, left as u64);
        }
    }
}

#[test]
fn i12_attempts_at_two_devices_do_not_share_a_budget() {
    let world = World::new();
    let anna = world.employee();
    let phones = [(); 2].map(|()| world.open_phone(anna).unwrap());
    phones.iter().for_each(|phone| phone.lock().unwrap());
    let hashed = world.hasher.count();
    thread::scope(|scope| {
        for phone in &phones {
            scope.spawn(|| at_once(&world, phone, &[WRONG_PIN; 16]));
        }
    });
    assert_eq!(world.hasher.count() - hashed, 10);
    assert!(phones.iter().all(|phone| phone.state() == SessionState::PinExhausted));
    assert_eq!(world.journal.contradictions(), 0);
}

#[test]
fn i12_a_hasher_that_fails_after_the_charge_leaves_the_guess_charged() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    world.hasher.set_failing(true);
    for in_flight in 1..=5 {
        assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
        assert_eq!(ledger(&world, &phone), Some((0, in_flight)));
    }
    assert_eq!(world.journal.refusals(phone.owner).len(), 5);
    world.hasher.set_failing(false);
    let hashed = world.hasher.count();
    adds_exhaustion(&world, &mut phone);
    assert_eq!(world.hasher.count(), hashed);
}

/// The right PIN comes too late: five are charged, so the attempt wipes.
fn adds_exhaustion(world: &World, phone: &mut Phone<'_>) {
    assert_eq!(phone.unlock(PIN), Err(Code::PinExhausted));
    let last = newest_refusal(world, phone.owner);
    assert_eq!(last, Refusal::because(Code::PinExhausted, Cause::GuessesInFlight));
    assert_eq!(count(&trail(world, phone), Change::PinExhausted), 1);
    assert_eq!(ledger(world, phone), None);
    refused(world, phone.owner, Code::PinExhausted, || phone.unlock(PIN));
}

#[test]
fn i12_a_right_pin_refunds_itself_and_the_failures_and_no_other_guess() {
    let world = World::new();
    let mut phone = locked_phone(&world);
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    world.hasher.set_failing(true);
    assert_eq!(phone.unlock(PIN), Err(Code::Unavailable));
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::Unavailable));
    world.hasher.set_failing(false);
    assert_eq!(ledger(&world, &phone), Some((2, 2)));
    phone.unlock(PIN).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 2)));
    phone.lock().unwrap();
    assert_eq!(phone.mistype(2), Err(Code::IncorrectPin));
    assert_eq!(ledger(&world, &phone), Some((2, 2)));
    assert_eq!(phone.unlock(WRONG_PIN), Err(Code::IncorrectPin));
    adds_exhaustion(&world, &mut phone);
}

#[test]
fn i12_a_biometric_success_refunds_no_guess_in_flight() {
    let world = World::new();
    let mut phone = world.open_phone(world.employee()).unwrap();
    phone.enable(Modality::Face).unwrap();
    phone.lock().unwrap();
    world.hasher.set_failing(true);
    for _ in 0..5 {
        assert_eq!(phone.unlock(WRONG_PIN), Err(Code::Unavailable));
    }
    world.hasher.set_failing(false);
    phone.unlock_by(Modality::Face).unwrap();
    assert_eq!(ledger(&world, &phone), Some((0, 5)));
    assert_eq!(phone.change_pin(PIN, ANOTHER_PIN), Err(Code::PinExhausted));
    assert_eq!(phone.state(), SessionState::PinExhausted);
}

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
        let phone = locked_phone(&world);
        let (inner, anna, actor) = (Arc::clone(&world), phone.owner, world.administrator(ACME));
        let answer = meanwhile(&world, &phone, entry, move || revoke(&inner, &actor, anna).unwrap());
        assert_eq!(answer.unwrap_err(), Refusal::because(Code::ReinvitationRequired, Cause::GuessOvertaken));
        assert_eq!(phone.state(), SessionState::RevokedAll);
        assert_eq!(trail(&world, &phone).last(), Some(&Change::RevokedAll));
        assert_eq!(world.journal.refusals(anna).len(), 1);
    }
}

#[test]
fn e13_a_revocation_and_a_new_sign_in_between_do_not_let_the_old_guess_open_the_new_session() {
    let world = Arc::new(World::new());
    let phone = locked_phone(&world);
    let (inner, anna, actor) = (Arc::clone(&world), phone.owner, world.administrator(ACME));
    let text = phone.token.as_ref().unwrap().expose().to_owned();
    let answer = meanwhile(&world, &phone, PIN, move || {
        revoke(&inner, &actor, anna).unwrap();
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
    let phone = locked_phone(&world);
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
    let phone = locked_phone(&world);
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
