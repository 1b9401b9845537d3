//! How long anything takes: held rows, frozen servers, connections that are all in use, futures that are dropped.

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use mysql_async::Conn;
use mysql_async::prelude::Queryable;
use pinlatch::gate::GateError;
use pinlatch::host::{Expect, Key, Store, Swap, Version};
use pinlatch::refusal::RefusalCode;
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore};
use pinlatch_testkit::rig::{Engine, Wire};
use pinlatch_testkit::{UNMODIFIED, person};
use tokio::time::timeout;

use crate::hosts::{Counted, gate, opened};
use crate::servers::{LONG, common, database, hand, until_waiting, url};
use crate::shared;

const PATIENCE: Duration = Duration::from_secs(2);

fn options(connections: usize) -> MariaDbOptions {
    MariaDbOptions::new().patience(PATIENCE).connections(NonZeroUsize::new(connections).unwrap())
}

/// Somebody who holds the row of this key until this is dropped.
async fn holder(url: &str, key: &Key) -> Conn {
    let mut holder = hand(url).await;
    let hold = format!("BEGIN; SELECT * FROM pinlatch_records WHERE k = '{}' FOR UPDATE", key.as_str());
    holder.query_drop(hold).await.unwrap();
    holder
}

async fn made(store: &MariaDbStore, key: &Key) -> Version {
    match store.compare_and_swap(key, Expect::Absent, vec![1], &[]).await.unwrap() {
        Swap::Applied(version) => version,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_held_row_costs_a_command_one_swap_and_one_connection() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let direct = database(&server, server.address()).await;
        let store = MariaDbStore::open(&direct).await.unwrap();
        let (counted, anna) = (Counted::on(store.clone()), person(1));
        let (gate, _) = gate(&counted);
        let (token, _) = opened(&gate, &store, anna).await;
        let holder = holder(&direct, &Key::account(anna)).await;
        counted.asked();
        let begun = Instant::now();
        let refused = gate.lock(&token, &UNMODIFIED).await.unwrap_err();
        // The server gave up after 2 s, so the client did not have to after 5.
        assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
        assert_eq!(refused.code(), RefusalCode::Unavailable, "{refused:?}");
        assert!(matches!(refused, GateError::Store { .. }), "{refused:?}");
        let [loads, swaps] = counted.asked();
        assert_eq!((loads, swaps), (1, 1));
        assert_eq!(store.connections().waits, 0);
        drop(holder);
        gate.lock(&token, &UNMODIFIED).await.unwrap();
    });
}

#[test]
fn a_held_row_is_an_error_and_not_a_conflict() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let direct = database(&server, server.address()).await;
        let store = MariaDbStore::open(&direct).await.unwrap();
        let key = Key::account(person(1));
        let version = made(&store, &key).await;
        let holder = holder(&direct, &key).await;
        let refused = store.compare_and_swap(&key, Expect::At(version), vec![2], &[]).await.unwrap_err();
        assert!(matches!(refused, MariaDbError::Held(_)), "{refused}");
        // Reading waits for nobody.
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, [1]);
        drop(holder);
    });
}

#[test]
fn a_frozen_server_costs_the_patience_and_no_more() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let store = options(2).open(&url(server.address())).await.unwrap();
        let key = Key::account(person(1));
        let version = made(&store, &key).await;
        server.freeze().unwrap();
        let begun = Instant::now();
        let (loaded, swapped) =
            tokio::join!(store.load(&key), store.compare_and_swap(&key, Expect::At(version), vec![2], &[]));
        assert!(begun.elapsed() < PATIENCE + Duration::from_millis(500), "{:?}", begun.elapsed());
        let is_error = |error: &MariaDbError| {
            matches!(error, MariaDbError::NoAnswer(_) | MariaDbError::NoConnection { .. })
        };
        assert!(loaded.as_ref().is_err_and(is_error), "{loaded:?}");
        // The one that found a connection was sent, and nobody knows; the other was not.
        let unsure = matches!(swapped, Ok(Swap::Unknown)) || swapped.as_ref().is_err_and(is_error);
        assert!(unsure, "{swapped:?}");
        server.thaw().unwrap();
        let found = store.load(&key).await.unwrap().unwrap();
        assert!([1, 2].contains(&found.bytes[0]));
    });
}

#[test]
fn a_server_that_is_down_is_an_error_at_once() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = options(2).open(&database(&server, wire.address()).await).await.unwrap();
        wire.go_down();
        let begun = Instant::now();
        let key = Key::account(person(1));
        let loaded = store.load(&key).await;
        assert!(matches!(loaded, Err(MariaDbError::CannotConnect(_))), "{loaded:?}");
        let swapped = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await;
        assert!(matches!(swapped, Err(MariaDbError::CannotConnect(_))), "{swapped:?}");
        assert!(begun.elapsed() < PATIENCE);
        wire.come_back();
        assert!(store.load(&key).await.unwrap().is_none());
    });
}

#[test]
fn a_wait_for_a_connection_ends_and_is_counted() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let direct = url(server.address());
        let options = MariaDbOptions::new().connections(NonZeroUsize::MIN).patience(LONG);
        let store = options.open(&direct).await.unwrap();
        let key = Key::account(person(1));
        let version = made(&store, &key).await;
        assert_eq!((store.connections().at_most, store.connections().waits), (1, 0));
        let holder = holder(&direct, &key).await;
        let writer = store.clone();
        let held =
            tokio::spawn(
                async move { writer.compare_and_swap(&key, Expect::At(version), vec![2], &[]).await },
            );
        until_waiting(&server, 1).await;
        let other = store.clone();
        let waits = tokio::spawn(async move { other.load(&Key::account(person(2))).await });
        while store.connections().waiting != 1 {
            tokio::task::yield_now().await;
        }
        // One that is cancelled waited in vain.
        assert!(timeout(Duration::from_millis(50), store.load(&Key::account(person(3)))).await.is_err());
        drop(holder);
        assert!(matches!(held.await.unwrap(), Ok(Swap::Applied(_))));
        assert!(waits.await.unwrap().unwrap().is_none());
        let counted = store.connections();
        assert_eq!((counted.open, counted.waiting, counted.waits, counted.in_vain), (1, 0, 2, 1));
        assert!(counted.waited >= Duration::from_millis(50), "{counted:?}");
    });
}

#[test]
fn a_frozen_server_does_not_make_the_next_one_wait_for_ever() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let store = options(1).open(&url(server.address())).await.unwrap();
        let key = Key::account(person(1));
        server.freeze().unwrap();
        let begun = Instant::now();
        let (first, second) = tokio::join!(store.load(&key), store.load(&key));
        assert!(matches!(first, Err(MariaDbError::NoAnswer(_))), "{first:?}");
        assert!(matches!(second, Err(MariaDbError::NoConnection { .. })), "{second:?}");
        assert!(begun.elapsed() < PATIENCE + Duration::from_millis(500), "{:?}", begun.elapsed());
        assert_eq!(store.connections().in_vain, 1);
        server.thaw().unwrap();
        assert!(store.load(&key).await.unwrap().is_none());
    });
}

#[test]
fn a_future_may_be_dropped_outside_of_the_runtime() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    let runtime = shared::runtime();
    let direct = url(server.address());
    let store = runtime.block_on(options(1).patience(LONG).open(&direct)).unwrap();
    let key = Key::account(person(1));
    let version = runtime.block_on(made(&store, &key));
    let holder = runtime.block_on(holder(&direct, &key));
    let mut swap = Box::pin(store.compare_and_swap(&key, Expect::At(version), vec![2], &[]));
    runtime.block_on(async {
        tokio::select! {
            _ = &mut swap => panic!("the row is held"),
            () = until_waiting(&server, 1) => {}
        }
    });
    drop(swap);
    runtime.block_on(holder.disconnect()).unwrap();
    // The server may do what it was asked, or not.
    assert!(runtime.block_on(store.load(&key)).unwrap().is_some());
}

/// With one connection, the next operation would read the answer to the one before.
#[test]
fn a_future_that_is_dropped_leaves_no_answer_for_the_next_one() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let direct = url(server.address());
        let options = MariaDbOptions::new().connections(NonZeroUsize::MIN).patience(LONG);
        let store = options.open(&direct).await.unwrap();
        let (held, other) = (Key::account(person(1)), Key::account(person(2)));
        let version = made(&store, &held).await;
        let at_other = made(&store, &other).await;
        for _ in 0..3 {
            let holder = holder(&direct, &held).await;
            tokio::select! {
                _ = store.compare_and_swap(&held, Expect::At(version), vec![2], &[]) => panic!("the row is held"),
                () = until_waiting(&server, 1) => {}
            }
            // The server still works for the one that was dropped.
            assert_eq!((store.connections().open, store.connections().idle), (1, 0));
            let (found, ()) = tokio::join!(store.load(&other), async { drop(holder) });
            let found = found.unwrap().unwrap();
            assert_eq!((found.bytes, found.version), (vec![1], at_other));
        }
        assert_eq!((store.connections().open, store.connections().given_up), (1, 1), "{:?}", store.connections());
        assert_eq!(store.load(&held).await.unwrap().unwrap().bytes, [2]);
    });
}

/// Whoever hangs up again and again has the server wait for no more than the store may have connections.
#[test]
fn a_cancelled_call_keeps_its_connection_until_the_server_has_answered() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    shared::runtime().block_on(async {
        let direct = url(server.address());
        let store = options(2).patience(LONG).open(&direct).await.unwrap();
        let key = Key::account(person(1));
        let version = made(&store, &key).await;
        let holder = holder(&direct, &key).await;
        let mut hand = hand(&direct).await;
        let mut most = 0;
        for _ in 0..20 {
            let swap = store.compare_and_swap(&key, Expect::At(version), vec![2], &[]);
            assert!(timeout(PATIENCE / 50, swap).await.is_err());
            let asked = "SELECT COUNT(*) FROM information_schema.processlist WHERE command = 'Query' AND id <> CONNECTION_ID()";
            most = most.max(hand.query_first::<u64, _>(asked).await.unwrap().unwrap());
        }
        assert_eq!(most, 2, "the server works for");
        assert_eq!((store.connections().open, store.connections().idle), (2, 0), "{:?}", store.connections());
        drop(holder);
        while store.connections().idle < 2 {
            tokio::time::sleep(PATIENCE / 100).await;
        }
        assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, [2], "what was left");
    });
}
