//! Guesses on many threads at once: five are compared, whatever comes first.

use std::sync::Barrier;
use std::thread;

use pinlatch::refusal::{Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Change, SessionState};
use pinlatch_testkit::{PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use super::count;
use crate::given::*;

const THREADS: usize = 64;

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

#[test]
fn i12_sixty_four_wrong_pins_at_once_are_compared_five_times() {
    for _ in 0..5 {
        let world = World::new();
        let phone = locked_with_pin_only(&world);
        let hashed = world.hasher.count();
        let answers = at_once(&world, &phone, &[WRONG_PIN; THREADS]);
        assert_eq!(world.hasher.count() - hashed, 5);
        let answered = |wanted| answers.iter().filter(|it| it.as_ref().unwrap_err().code() == wanted).count();
        // Five verdicts; who came meanwhile had to wait, who came later finds no PIN.
        let (wrong, gone) = (answered(Code::IncorrectPin), answered(Code::PinExhausted));
        assert_eq!((wrong, gone + answered(Code::GuessesInFlight)), (4, THREADS - 4));
        assert!(gone >= 1);
        let trail = trail(&world, &phone);
        assert_eq!(count(&trail, Change::PinExhausted), 1);
        assert_eq!(trail.last(), Some(&Change::PinExhausted));
        let rejected: Vec<_> =
            trail.iter().filter(|change| matches!(change, Change::PinRejected { .. })).copied().collect();
        let in_order: Vec<_> = (1..=4).map(|failures| Change::PinRejected { failures }).collect();
        assert_eq!(rejected, in_order);
        assert_eq!(world.journal.refusals(phone.owner).len(), THREADS - 5, "each leaves one trace");
        assert_eq!(world.journal.contradictions(), 0);
        let sequence: Vec<u64> = world.journal.events(phone.owner).iter().map(|it| it.sequence).collect();
        assert_eq!(sequence, (0..sequence.len() as u64).collect::<Vec<_>>());
        assert_eq!(phone.state(), SessionState::PinExhausted);
        assert_eq!(ledger(&world, &phone), None);
    }
}

#[test]
fn i12_a_right_pin_among_sixty_three_wrong_ones_buys_no_sixth_verdict() {
    for seed in 0..10 {
        let world = World::builder().seed(seed).build();
        let phone = locked_with_pin_only(&world);
        let mut entries = [WRONG_PIN; THREADS];
        entries[usize::try_from(seed).unwrap()] = PIN;
        let answers = at_once(&world, &phone, &entries);
        let opened = answers.iter().filter(|answer| answer.is_ok()).count();
        let trail = trail(&world, &phone);
        assert_eq!(count(&trail, Change::UnlockedByPin), opened);
        assert!(opened <= 1);
        let is_verdict =
            |change: &&Change| matches!(change, Change::PinRejected { .. } | Change::PinExhausted);
        for between in trail.split(|change| *change == Change::UnlockedByPin) {
            assert!(between.iter().filter(is_verdict).count() <= 5, "{trail:?}");
        }
        assert_eq!(world.journal.contradictions(), 0);
        if phone.state() == SessionState::Authenticated {
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
fn d24_d25_eight_right_pins_at_once_open_and_wipe_nothing() {
    for seed in 0..20 {
        let world = World::builder().seed(seed).build();
        let mut phone = locked_with_pin_only(&world);
        let answers = at_once(&world, &phone, &[PIN; 8]);
        assert!(answers.iter().any(Result::is_ok), "{answers:?}");
        for refusal in answers.iter().filter_map(|answer| answer.as_ref().err()) {
            let code = refusal.code();
            assert!(matches!(code, Code::GuessesInFlight | Code::GuessOvertaken), "{code}");
        }
        let trail = trail(&world, &phone);
        let opened = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(count(&trail, Change::UnlockedByPin), opened);
        assert_eq!(ledger(&world, &phone), Some((0, 0)));
        phone.unlock(PIN).unwrap();
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
