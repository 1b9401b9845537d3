//! A server that is down, frozen, busy, full or killed.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};
use pinlatch_stores::redis::{RedisError, RedisOptions, RedisStore};
use pinlatch_testkit::rig::Wire;
use pinlatch_testkit::{UNMODIFIED, person};
use tokio::task::JoinSet;

use crate::shared::{self, guessing};
use crate::support::{applied, at, by_hand, open, opened, server};

const PATIENCE: Duration = Duration::from_millis(500);
/// What a busy machine may add to patience.
const SLACK: Duration = Duration::from_millis(500);

fn impatient() -> RedisOptions {
    RedisOptions::new().patience(PATIENCE)
}

#[test]
fn patience_is_kept_where_the_server_is_frozen() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = opened(impatient(), server.address()).await;
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        server.freeze().unwrap();
        // On connections that were made, and then on new ones, which get no further than the system's queue.
        for round in 0..3 {
            let start = Instant::now();
            let loaded = store.load(&key).await.unwrap_err();
            assert!(start.elapsed() < PATIENCE + SLACK, "{:?}", start.elapsed());
            assert!(matches!(loaded, RedisError::NoAnswer(_) | RedisError::Unreachable(_)), "{loaded}");
            let start = Instant::now();
            let swapped = store.compare_and_swap(&key, Expect::At(version), b"two".to_vec(), &[]).await;
            assert!(start.elapsed() < PATIENCE + SLACK, "{:?}", start.elapsed());
            let not_sent = matches!(swapped, Err(RedisError::Unreachable(_)));
            assert!(not_sent || matches!(swapped, Ok(Swap::Unknown)), "{round}: {swapped:?}");
        }
        assert!(store.connections().in_vain > 0);
        server.thaw().unwrap();
        assert!(store.load(&key).await.unwrap().is_some());
    });
}

#[test]
fn a_write_that_was_frozen_is_unknown() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = opened(impatient(), server.address()).await;
        server.freeze().unwrap();
        let swapped = store.compare_and_swap(&Key::account(person(1)), Expect::Absent, vec![1], &[]).await;
        assert_eq!(swapped.unwrap(), Swap::Unknown);
    });
}

#[test]
fn without_a_server_nothing_was_written_and_it_is_said_at_once() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        server.kill().unwrap();
        let start = Instant::now();
        assert!(store.load(&key).await.is_err());
        let swapped = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swapped, Err(RedisError::Unreachable(_))), "{swapped:?}");
        assert!(start.elapsed() < SLACK, "{:?}", start.elapsed());
        let refused = RedisStore::open(&at(server.address())).await.unwrap_err();
        assert!(matches!(refused, RedisError::Unreachable(_)), "{refused}");
    });
}

/// Counts swaps.
struct Counted {
    store: RedisStore,
    swaps: AtomicU64,
}

impl Store for Counted {
    type Error = RedisError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, RedisError> {
        self.store.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, RedisError> {
        self.swaps.fetch_add(1, Ordering::Relaxed);
        self.store.compare_and_swap(key, expect, bytes, events).await
    }
}

/// Redis locks no row; what holds writes up is a pause, or somebody's long script.
#[test]
fn held_writes_cost_a_command_a_few_swaps_and_others_read_on() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = opened(impatient(), server.address()).await;
        let counted = Arc::new(Counted { store, swaps: AtomicU64::new(0) });
        let (gate, _) = guessing::host(Arc::clone(&counted));
        let token = guessing::locked_phone(&gate, &counted, person(1)).await;
        let _: String = by_hand(server.address(), "CLIENT PAUSE 60000 WRITE").await;
        let before = counted.swaps.load(Ordering::Relaxed);
        let start = Instant::now();
        gate.log_out(&token, &UNMODIFIED).await.unwrap_err();
        let (swaps, took) = (counted.swaps.load(Ordering::Relaxed) - before, start.elapsed());
        println!("{swaps} swaps in {took:?}");
        assert!(swaps <= 4, "{swaps}");
        assert!(took < 4 * (PATIENCE + SLACK), "{took:?}");
        let connected: String = by_hand(server.address(), "CLIENT LIST").await;
        assert!(connected.lines().count() <= 6, "connections are left behind: {connected}");
        assert!(gate.device_view(&token, &UNMODIFIED).await.is_ok());
        let _: String = by_hand(server.address(), "CLIENT UNPAUSE").await;
        gate.log_out(&token, &UNMODIFIED).await.unwrap();
    });
}

#[test]
fn out_of_memory_is_an_error_and_nothing_is_written() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        let _: String = by_hand(server.address(), "CONFIG SET maxmemory 1").await;
        let swapped = store.compare_and_swap(&key, Expect::At(version), b"two".to_vec(), &[]).await;
        assert!(
            matches!(swapped, Err(RedisError::Refused { ref code, .. }) if &**code == "OOM"),
            "{swapped:?}"
        );
        assert_eq!(store.load(&key).await.unwrap().unwrap().version, version);
    });
}

#[test]
fn a_connection_that_broke_is_not_used_again_and_none_beside_it() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = RedisOptions::new().open(&format!("{}/5", at(wire.address()))).await.unwrap();
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        let before = store.connections();
        wire.break_connections();
        // A load is tried once more, on a new connection.
        assert!(store.load(&key).await.unwrap().is_some());
        assert_eq!(store.connections().given_up, before.given_up + 1);
        for round in 0..8 {
            assert!(store.load(&key).await.unwrap().is_some(), "{round}");
        }
        assert_eq!(store.connections().made, before.made + 4, "each was made once more");
        // The new ones use the same database.
        let version = applied(&store, &key, Expect::At(version), b"two").await;
        let keys: i64 = by_hand(server.address(), "EXISTS pinlatch:schema").await;
        assert_eq!(keys, 0, "database 0 is empty");
        wire.break_connections();
        // A swap is not: what happened to it is unknown.
        let swapped = store.compare_and_swap(&key, Expect::At(version), b"three".to_vec(), &[]).await;
        assert_eq!(swapped.unwrap(), Swap::Unknown);
        applied(&store, &key, Expect::At(version), b"three").await;
    });
}

/// `CONFIG SET` without `CONFIG REWRITE`, or another server at the same address: what held on opening holds no more.
#[test]
fn settings_are_read_again_on_each_new_connection() {
    let Some(server) = server(&["--appendonly", "no"]) else { return };
    shared::runtime().block_on(async {
        let _: String = by_hand(server.address(), "CONFIG SET appendonly yes").await;
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        applied(&store, &key, Expect::Absent, b"one").await;
        server.kill().unwrap();
        server.restart().unwrap();
        let loaded = store.load(&key).await.unwrap_err();
        assert!(matches!(&loaded, RedisError::Unsafe(found) if found.setting == "appendonly"), "{loaded}");
        let swapped = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swapped, Err(RedisError::Unsafe(_))), "{swapped:?}");
        let _: String = by_hand(server.address(), "CONFIG SET appendonly yes").await;
        assert!(store.load(&key).await.is_ok());
    });
}

/// Each worker has a record of its own, so what is there afterwards is the last that was applied or a later try.
#[test]
fn a_kill_under_load_loses_nothing_and_the_same_handle_goes_on() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let restarted = Arc::new(AtomicU64::new(0));
        let mut workers = JoinSet::new();
        for number in 0..8 {
            let (store, restarted) = (store.clone(), Arc::clone(&restarted));
            workers.spawn(async move { work(&store, number, &restarted).await });
        }
        for _ in 0..3 {
            while store.load(&Key::account(person(0))).await.is_ok_and(|found| found.is_none()) {}
            server.kill().unwrap();
            server.restart().unwrap();
            let start = Instant::now();
            while store.load(&Key::account(person(0))).await.is_err() {}
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
            restarted.fetch_add(1, Ordering::Relaxed);
        }
        let outcomes = workers.join_all().await;
        let [applied, unknown, failed] = outcomes
            .iter()
            .fold([0; 3], |sum: [u64; 3], one| std::array::from_fn(|place| sum[place] + one[place]));
        println!("{applied} applied, {unknown} unknown, {failed} not written");
        assert!(applied > 100 && unknown + failed > 0);
    });
}

/// Writes 1, 2, 3, … and counts what was applied, unknown and not written, until some time after the last restart.
async fn work(store: &RedisStore, number: u128, restarted: &AtomicU64) -> [u64; 3] {
    let key = Key::account(person(number));
    let (mut counts, mut next, mut last, mut expect) = ([0; 3], 1_u64, 0, Expect::Absent);
    let mut unsure = Vec::new();
    let mut after = 0;
    while after < 50 {
        after += u64::from(restarted.load(Ordering::Relaxed) == 3);
        match store.compare_and_swap(&key, expect, next.to_be_bytes().to_vec(), &[]).await {
            Ok(Swap::Applied(version)) => {
                (counts[0], last, expect) = (counts[0] + 1, next, Expect::At(version));
                unsure.clear();
                next += 1;
                continue;
            }
            Ok(Swap::Unknown) => {
                unsure.push(next);
                counts[1] += 1;
            }
            Ok(Swap::Conflict) => {}
            Err(_) => counts[2] += 1,
        }
        next += 1;
        let Ok(found) = store.load(&key).await else { continue };
        let value = found.as_ref().map_or(0, |found| u64::from_be_bytes(found.bytes[..].try_into().unwrap()));
        assert!(
            value == last || unsure.contains(&value),
            "{value} is there, {last} was applied, {unsure:?} unsure"
        );
        last = value;
        expect = found.map_or(Expect::Absent, |found| Expect::At(found.version));
    }
    counts
}
