//! Creating a PIN is expensive, so it is claimed before it is hashed, as a guess is charged.

use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch::pin::{HashInput, HasherError, PersonalWords, PinHasher};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{ANOTHER_PIN, PIN, QuickHasher, SeededRandomness, UNMODIFIED, World, millis};

use super::count;
use super::driver::{Driver, pin_draw, wait_named};
use crate::given::record_bytes::charged;
use crate::given::*;

/// A hasher that goes on only when everybody else has been answered.
#[derive(Clone)]
struct Patient {
    quick: QuickHasher,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    /// How many requests are answered without a hash.
    others: usize,
}

#[derive(Default)]
struct Seen {
    hashing: usize,
    most: usize,
    answered: usize,
}

/// How long it waits for the others, if too many hash at once and they are never answered.
const GIVES_UP_AFTER: Duration = Duration::from_secs(20);

impl PinHasher for Patient {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let (seen, is_answered) = &*self.seen;
        let mut guard = seen.lock().unwrap();
        guard.hashing += 1;
        guard.most = guard.most.max(guard.hashing);
        let waits = |seen: &mut Seen| seen.answered < self.others;
        let (mut guard, _late) = is_answered.wait_timeout_while(guard, GIVES_UP_AFTER, waits).unwrap();
        guard.hashing -= 1;
        drop(guard);
        self.quick.hash(input, out)
    }
}

impl Patient {
    fn answered(&self) {
        let (seen, is_answered) = &*self.seen;
        seen.lock().unwrap().answered += 1;
        is_answered.notify_all();
    }
}

#[test]
fn e38_five_hundred_pins_at_once_are_five_hashes_at_a_time_and_one_pin() {
    const REQUESTS: usize = 500;
    let world = World::new();
    let phone = pending_phone(&world, world.employee());
    let hasher = Patient { quick: world.hasher.clone(), seen: Arc::default(), others: REQUESTS - 5 };
    let host = HostParts {
        store: Blocking(Arc::clone(&world.store)),
        clock: Arc::clone(&world.clock),
        directory: Blocking(Arc::clone(&world.directory)),
        journal: Blocking(Arc::clone(&world.journal)),
        offload: Inline,
        randomness: SeededRandomness::new(3),
    };
    let gate = Gate::builder(host).peppers(peppers()).hasher(hasher.clone()).build().unwrap();
    let start = Barrier::new(REQUESTS);
    let create = || {
        let (token, entries, none) = (same_device(&phone), entries(PIN), PersonalWords::none());
        start.wait();
        let answer = code(gate.blocking().create_pin(&token, &entries, &none, &UNMODIFIED));
        hasher.answered();
        answer
    };
    let answers: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..REQUESTS).map(|_| scope.spawn(create)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(hasher.seen.0.lock().unwrap().most, 5);
    assert_eq!(world.hasher.count(), 5);
    let heard = |code| answers.iter().filter(|answer| answer.as_ref().err() == Some(&code)).count();
    assert_eq!((heard(Code::GuessesInFlight), heard(Code::PinExists)), (REQUESTS - 5, 4));
    let [session] = answers.into_iter().flatten().collect::<Vec<_>>().try_into().unwrap();
    assert!(is_live(&world, &session));
    assert_eq!(count(&trail(&world, &phone), Change::PinCreated), 1);
    assert_eq!(ledger(&world, &phone), Some((0, 0)), "what was claimed is no guess");
}

#[test]
fn e38_a_claim_is_written_before_the_pin_is_hashed_and_is_void_like_a_guess() {
    let world = World::new();
    let mut phone = pending_phone(&world, world.employee());
    world.hasher.set_failing(true);
    for claims in 1..=5 {
        assert_eq!(phone.create_pin(PIN), Err(Code::Unavailable));
        assert_eq!(charged(&stored(&world, phone.owner).unwrap()), claims);
    }
    world.hasher.set_failing(false);
    refused(&world, phone.owner, Code::GuessesInFlight, || phone.create_pin(PIN));
    let after = wait_named(newest_refusal(&world, phone.owner));
    assert_eq!(after, UNTIL_VOID);
    world.wait(after - millis(1));
    refused(&world, phone.owner, Code::GuessesInFlight, || phone.create_pin(PIN));
    world.wait(millis(1));
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e38_r08_entries_that_are_refused_claim_nothing() {
    let world = World::new();
    let mut phone = pending_phone(&world, world.employee());
    for _ in 0..6 {
        refused(&world, phone.owner, Code::PinMismatch, || phone.create_pin_twice(PIN, ANOTHER_PIN));
        refused(&world, phone.owner, Code::PinTooWeak, || phone.create_pin("123456"));
    }
    phone.create_pin(PIN).unwrap();
}

#[test]
fn e38_e39_a_claim_is_taken_once_in_time_and_for_its_own_session() {
    let world = World::new();
    let mut phone = pending_phone(&world, world.employee());
    let (mut driver, mut account) = Driver::of(&world, &phone);
    let made = |driver: &Driver<'_>, account: &mut pinlatch::account::Account, number| {
        let claim = driver.claim(account, PIN, pin_draw(number)).unwrap();
        claim.assert_written().make(&driver.hashing()).unwrap()
    };
    let take = |driver: &Driver<'_>, account: &mut pinlatch::account::Account, pin: &_, session| {
        let (facts, context) = (driver.facts(), driver.context());
        let taken = account.create_pin(&driver.token, pin, &driver.session(session), &facts, &context);
        driver.led(account, taken).map_err(|refusal| refusal.code())
    };
    // Too late by a millisecond.
    let late = made(&driver, &mut account, 1);
    driver.wait(UNTIL_VOID);
    assert_eq!(take(&driver, &mut account, &late, 1), Err(Code::GuessOvertaken));
    // Of two that were made, one is taken.
    let (first, second) = (made(&driver, &mut account, 2), made(&driver, &mut account, 3));
    assert_eq!(take(&driver, &mut account, &second, 1), Ok(()));
    assert_eq!(take(&driver, &mut account, &first, 2), Err(Code::PinExists));
    assert_eq!(take(&driver, &mut account, &second, 2), Err(Code::PinExists));
    // Started over meanwhile: what was made for the session before is not taken.
    driver.store(&account);
    phone.sign_in().unwrap();
    let (driver, mut account) = Driver::of(&world, &phone);
    let before = made(&driver, &mut account, 4);
    driver.store(&account);
    phone.sign_in().unwrap();
    let (driver, mut account) = Driver::of(&world, &phone);
    assert_eq!(take(&driver, &mut account, &before, 3), Err(Code::GuessOvertaken));
    assert_eq!(phone.state(), SessionState::PinPending);
}
