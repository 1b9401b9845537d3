//! The attempt counter: a wrong PIN is charged, compared with a hasher that copies a constant, and
//! settled. What remains is ours and the store's.
//!
//! The peers count and forget: governor holds a theoretical arrival time for each key, moka a
//! number. Neither is durable, neither charges before the comparison, and after a restart every
//! budget is fresh. They do what we do not: budgets that refill with time, any key, eviction.

use std::collections::HashMap;
use std::hint::black_box;
use std::num::NonZeroU32;
use std::sync::Mutex;

use governor::{Quota, RateLimiter};
use pinlatch::account::{Account, UnlockAttempt};
use pinlatch::host::{BlockingStore, Expect, Host, Key, Swap, SystemRandomness};
use pinlatch::id::{AttemptId, WriteId};
use pinlatch::pin::Pin;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch_testkit::{UNMODIFIED, WRONG_PIN};

use crate::fixture::{CopyingHasher, Fixture, deliver, device_token, employee, person_id, session_token};
use crate::harness::{Batch, Contestant, Settings, Side, measured};
use crate::host::{Server, server, server_with};
use crate::row::{Group, Row, time};
use crate::sharded_store::ShardedStore;

/// Accounts that are guessed at in turn, so that none is exhausted within a batch.
const ACCOUNTS: u64 = 64;

/// Both rows: the pure functions, and the gate on the store in memory.
pub fn rows(settings: Settings) -> Vec<Row> {
    vec![pure(settings), through_the_gate(settings)]
}

/// A locked account with one device, as stored.
fn locked(fixture: &Fixture, number: u64) -> Vec<u8> {
    let mut account = fixture.account(number, 1);
    account.lock(&device_token(number, 0), &fixture.context()).expect("open");
    deliver(&mut account);
    account.stamp(WriteId::from_bytes([2; 16])).expect("a new id");
    account.encode().expect("small enough")
}

/// Decode, charge, encode; compare; settle, encode: what lies between a store's load and two swaps.
fn pure(settings: Settings) -> Row {
    let fixture = Fixture::new();
    let person = employee(1);
    let (facts, context) = (fixture.facts(&person), fixture.context());
    let stored = locked(&fixture, 1);
    let (token, session, id) = (device_token(1, 0), session_token(1, 0), person_id(1));
    let wrong = Pin::parse(WRONG_PIN).expect("digits");
    let ours = Contestant::repeating(Side::Ours, "pinlatch", || {
        let mut account = Account::decode(black_box(&stored), id).expect("whole");
        let draw = UnlockAttempt { attempt: AttemptId::from_bytes([9; 16]), salt: [9; 16] };
        let charge =
            account.charge_unlock(&token, &wrong, draw, &fixture.peppers, &facts, &context).expect("locked");
        account.stamp(WriteId::from_bytes([3; 16])).expect("a new id");
        black_box(account.encode().expect("small enough"));
        let settlement = charge
            .assert_written()
            .compare(&fixture.hashing(&CopyingHasher))
            .expect("copied")
            .into_settlement();
        let refused = account.settle_unlock(&settlement, &session, &facts, &context).expect_err("wrong");
        assert_eq!(refused.code(), RefusalCode::IncorrectPin);
        account.stamp(WriteId::from_bytes([4; 16])).expect("a new id");
        account.encode().expect("small enough")
    });
    let counters = Mutex::new(HashMap::from([(person_id(1), 0_u32)]));
    let by_hand = Contestant::repeating(Side::Floor, "a count in a map", move || {
        let mut counters = counters.lock().expect("not poisoned");
        let count = counters.get_mut(black_box(&id)).expect("there");
        *count = count.wrapping_add(1);
        *count
    });
    let contestants = vec![ours, by_hand, by_governor(settings), by_moka(settings)];
    let work = "a PIN guess charged and settled, without hash and store";
    Row::measure(settings, Group::Attempts, work, contestants)
}

/// Keys that are known beforehand, as many as there may be accounts.
const fn keys(settings: Settings) -> u64 {
    if settings.quick { 1_000 } else { 1_000_000 }
}

/// One key is asked again and again, of a million known ones.
fn by_governor(settings: Settings) -> Contestant<'static> {
    let most = NonZeroU32::MAX;
    let limiter = RateLimiter::keyed(Quota::per_second(most));
    for number in 0..keys(settings) {
        limiter.check_key(&person_id(number).as_u128()).expect("within the quota");
    }
    let key = person_id(1).as_u128();
    Contestant::repeating(Side::Peer, "governor, keyed", move || limiter.check_key(black_box(&key)).is_ok())
}

fn by_moka(settings: Settings) -> Contestant<'static> {
    let counters = moka::sync::Cache::new(2 * keys(settings));
    for number in 0..keys(settings) {
        counters.insert(person_id(number).as_u128(), 0_u32);
    }
    let key = person_id(1).as_u128();
    Contestant::repeating(Side::Peer, "moka, and_upsert_with", move || {
        counters
            .entry(*black_box(&key))
            .and_upsert_with(|old| old.map_or(0, |entry| entry.into_value().wrapping_add(1)))
    })
}

/// The use case, above one load and two swaps of the same store with the same bytes.
fn through_the_gate(settings: Settings) -> Row {
    let fixture = Fixture::new();
    let records: Vec<Vec<u8>> = (0..ACCOUNTS).map(|number| locked(&fixture, number)).collect();
    let wrong = Pin::parse(WRONG_PIN).expect("digits");
    let tokens: Vec<_> = (0..ACCOUNTS).map(|number| device_token(number, 0)).collect();
    let (usual, system) = (server(), server_with(SystemRandomness));
    let guess = |number: u64| guess(&usual, &tokens[number as usize], &wrong);
    let ours =
        Contestant::batches(Side::Ours, "pinlatch", |count| in_turn(&usual.store, &records, count, guess));
    let guess = |number: u64| self::guess(&system, &tokens[number as usize], &wrong);
    let by_system = Contestant::batches(Side::Peer, "pinlatch, system randomness", |count| {
        in_turn(&system.store, &records, count, guess)
    });
    let store = ShardedStore::new();
    let store_only = |number: u64| {
        let key = Key::account(person_id(number));
        let loaded = store.load(&key).expect("asked").expect("there");
        let swap = |expect, bytes| store.compare_and_swap(&key, expect, bytes, &[]).expect("asked");
        let Swap::Applied(version) = swap(Expect::At(loaded.version), loaded.bytes.clone()) else {
            panic!("a conflict with nobody")
        };
        assert!(matches!(swap(Expect::At(version), loaded.bytes), Swap::Applied(_)));
    };
    let floor = Contestant::batches(Side::Floor, "the store's load and two swaps", |count| {
        in_turn(&store, &records, count, store_only)
    });
    let work = "a wrong PIN through gate and store in memory, without the hash";
    let mut row = Row::measure(settings, Group::Attempts, work, vec![ours, floor, by_system]);
    let above = row.ours().nanoseconds() - row.floor().expect("a floor").nanoseconds();
    row.judge("≤ 2 µs above the store's own cost".into(), time(above), above <= 2_000.0);
    row
}

fn guess(server: &Server<impl Host>, token: &DeviceToken, wrong: &Pin) {
    let refused = server.gate.blocking().unlock_with_pin(token, wrong, &UNMODIFIED);
    assert_eq!(refused.expect_err("wrong").code(), RefusalCode::IncorrectPin);
}

/// So many operations on accounts in turn; all are put back before each turn, untimed.
fn in_turn(store: &ShardedStore, records: &[Vec<u8>], count: u64, operation: impl Fn(u64)) -> Batch {
    let mut total = Batch::default();
    let mut left = count;
    while left > 0 {
        let chunk = left.min(ACCOUNTS);
        left -= chunk;
        for (number, bytes) in (0..).zip(records) {
            store.overwrite(&Key::account(person_id(number)), bytes);
        }
        total.add(measured(|| (0..chunk).for_each(&operation)));
    }
    total
}
