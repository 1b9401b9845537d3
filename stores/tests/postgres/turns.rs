//! How often a person waits for the server: counted on the wire, on connections that are warm.

use std::sync::mpsc::channel;
use std::time::Duration;

use pinlatch::account::Wanted;
use pinlatch::host::{Expect, Store};
use pinlatch_stores::postgres::PostgresStore;
use pinlatch_testkit::rig::Wire;
use pinlatch_testkit::{PIN, UNMODIFIED, person, pin};

use crate::by_hand::{key, options, plain, url, write};
use crate::gates::{authenticate, begin, create_pin, gate, hire};
use crate::journal::event;
use crate::shared;

/// Until there are two: whoever asks for a second connection may find the first one free again by then.
async fn two_connections(store: &PostgresStore) {
    let (one, other) = (key(1), key(2));
    while store.connections().open < 2 {
        let (one, other) = tokio::join!(store.load(&one), store.load(&other));
        assert!(one.is_ok() && other.is_ok());
    }
}

#[test]
fn a_load_a_creation_and_an_update_are_one_turn_each_with_events_or_without() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = options("turns_of_the_store").open(&url(wire.address())).await.unwrap();
        let before = wire.turns();
        let first = write(&store, &key(1), Expect::Absent, b"1").await;
        assert_eq!(wire.turns() - before, 1, "a creation");
        let _second =
            store.compare_and_swap(&key(1), Expect::At(first), vec![2; 4_000], &[event(0, 1)]).await.unwrap();
        assert_eq!(wire.turns() - before, 2, "an update with an event");
        let _stale = store.compare_and_swap(&key(1), Expect::At(first), vec![3], &[]).await.unwrap();
        assert_eq!(wire.turns() - before, 3, "a conflict");
        store.load(&key(1)).await.unwrap();
        assert_eq!(wire.turns() - before, 4, "a load");
        // Greeting, settings, statements prepared at once: and then the load. What is sent at once may reach the server in
        // pieces, and then its answer to the first counts as one to wait for: so the least of a few is it.
        let mut anew = Vec::new();
        for _ in 0..5 {
            wire.break_connections();
            let before = wire.turns();
            store.load(&key(1)).await.unwrap();
            anew.push(wire.turns() - before);
        }
        assert_eq!(anew.iter().min(), Some(&4), "a load on a new connection: {anew:?}");
    });
}

/// Accounts, people and the trail in one store. The gate asks for the person and the record at once, on two
/// connections: counted are two turns, waited is for one, as the test after this shows. Of a PIN it asks for
/// the person once more between the two swaps, while the hash is computed.
#[test]
fn what_each_command_waits_for() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = options("turns_of_the_gate").open(&url(wire.address())).await.unwrap();
        let (gate, anna) = (gate(&store), person(7));
        hire(&store, anna).await;
        two_connections(&store).await;
        let mut before = wire.turns();
        let mut waited = || {
            let turns = wire.turns() - before;
            before += turns;
            turns
        };
        let start = begin(&gate).await;
        let began = waited();
        let token = authenticate(&gate, start, anna).await;
        let authenticated = waited();
        let session = create_pin(&gate, &token).await;
        let created = waited();
        let _grant = gate.check(&session, Wanted::session(), &UNMODIFIED).await.unwrap();
        let checked = waited();
        gate.lock(&token, &UNMODIFIED).await.unwrap();
        let locked = waited();
        gate.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).await.unwrap();
        let unlocked = waited();
        println!("{:?}", [began, authenticated, created, checked, locked, unlocked]);
        assert_eq!([began, authenticated, created, checked, locked, unlocked], [0, 3, 5, 2, 2, 5]);
    });
}

/// A request that is held up on its way holds up no other: a person and an account asked for at once cost the
/// time of one.
#[test]
fn two_loads_at_once_do_not_wait_for_one_another() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let wire = Wire::before(server.address()).unwrap();
        let store = options("loads_at_once").open(&url(wire.address())).await.unwrap();
        let (key, other) = (key(1), key(2));
        two_connections(&store).await;
        let (arrived, is_there) = channel();
        let (let_go, go) = channel::<()>();
        wire.interrupt_next(move || {
            arrived.send(()).unwrap();
            let _ended = go.recv_timeout(Duration::from_secs(2));
        });
        let held_up = tokio::spawn({
            let store = store.clone();
            async move { store.load(&key).await }
        });
        tokio::task::spawn_blocking(move || is_there.recv().unwrap()).await.unwrap();
        assert_eq!(store.load(&other).await.unwrap(), None);
        assert!(!held_up.is_finished());
        let_go.send(()).unwrap();
        assert_eq!(held_up.await.unwrap().unwrap(), None);
    });
}
