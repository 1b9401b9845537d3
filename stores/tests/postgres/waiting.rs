//! Rows that somebody holds, and connections that are all in use.

use std::num::NonZeroUsize;
use std::time::Instant;

use pinlatch::gate::GateError;
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::postgres::PostgresError;
use pinlatch_testkit::rig::Wire;
use pinlatch_testkit::{UNMODIFIED, person};

use crate::by_hand::{PATIENCE, holder, impatient, key, options, plain, url, write};
use crate::gates::{gate, hire, opened};
use crate::shared;

fn is_refused(answer: &Result<Swap, PostgresError>, with: &str) -> bool {
    matches!(answer, Err(PostgresError::Refused { code, .. }) if code == with)
}

/// The server's own time-out answers, so it is surely not written: on the first connection, on one used many
/// times, and on one made after all were broken.
#[test]
fn a_held_row_is_surely_not_written_in_every_session() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let wire = Wire::before(address).unwrap();
        let store = impatient(wire.address(), "held").await;
        let version = write(&store, &key(1), Expect::Absent, b"before").await;
        let swap = async || {
            let holder = holder(address, "held", &key(1)).await;
            let start = Instant::now();
            let answer = store.compare_and_swap(&key(1), Expect::At(version), b"after".into(), &[]).await;
            drop(holder);
            (answer, start.elapsed())
        };
        for when in ["at first", "after a hundred others", "on a new connection"] {
            let (answer, waited) = swap().await;
            assert!(is_refused(&answer, "55P03"), "{when}: {answer:?}");
            assert!(waited >= PATIENCE * 2 / 5 && waited < PATIENCE, "{when}: {waited:?}");
            for _ in 0..100 {
                store.load(&key(1)).await.unwrap();
            }
            if when == "after a hundred others" {
                wire.break_connections();
            }
        }
        assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, b"before");
    });
}

#[test]
fn a_command_on_a_held_row_ends_after_one_swap() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let wire = Wire::before(address).unwrap();
        let store = impatient(wire.address(), "gate_held").await;
        let (gate, anna) = (gate(&store), person(7));
        hire(&store, anna).await;
        let (token, _session) = opened(&gate, anna).await;
        let held = holder(address, "gate_held", &Key::account(anna)).await;
        let (before, start) = (wire.turns(), Instant::now());
        let refused = gate.lock(&token, &UNMODIFIED).await;
        assert!(matches!(refused, Err(GateError::Store(_))), "{refused:?}");
        assert!(start.elapsed() < PATIENCE, "{:?}", start.elapsed());
        let turns = wire.turns() - before;
        assert!(turns <= 3, "a load, a swap, and what went wrong for the journal; not {turns}");
        // Signing in asked for a person and a record at once; the lock took no connection more.
        assert_eq!(store.connections().open, 2, "{:?}", store.connections());
        drop(held);
        gate.lock(&token, &UNMODIFIED).await.unwrap();
    });
}

/// One connection, and a statement on it that waits: the others wait for the connection, are counted, and
/// give up.
#[test]
fn waits_for_a_connection_are_bounded_and_counted() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let one = options("one_connection").connections(NonZeroUsize::MIN).patience(PATIENCE);
        let store = one.open(&url(address)).await.unwrap();
        let version = write(&store, &key(1), Expect::Absent, b"before").await;
        let idle = store.connections();
        assert_eq!((idle.at_most, idle.open, idle.idle, idle.waits), (1, 1, 1, 0), "{idle:?}");
        let held = holder(address, "one_connection", &key(1)).await;
        let (swapping, start) = (store.clone(), Instant::now());
        let swap = tokio::spawn(async move {
            swapping.compare_and_swap(&key(1), Expect::At(version), b"after".into(), &[]).await
        });
        while store.connections().idle > 0 {
            tokio::task::yield_now().await;
        }
        let in_vain = store.load(&key(1)).await;
        assert!(
            matches!(&in_vain, Err(PostgresError::NoConnection { waited }) if *waited == PATIENCE / 4),
            "{in_vain:?}"
        );
        assert!(start.elapsed() < PATIENCE / 2, "{:?}", start.elapsed());
        let waited = store.connections();
        assert_eq!((waited.waits, waited.in_vain), (1, 1), "{waited:?}");
        assert!(waited.waited >= PATIENCE / 4, "{waited:?}");
        let _refused = swap.await.unwrap();
        drop(held);
        store.load(&key(1)).await.unwrap();
    });
}
