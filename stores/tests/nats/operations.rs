//! What the store does beside loads and swaps, and how often a client waits for it.

use std::sync::Arc;

use pinlatch::host::{Expect, Key, Store, Swap, Version};
use pinlatch_stores::nats::NatsStore;
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Wire;

use crate::fixture::{bucket_by_hand, by_hand, open, server, wire};
use crate::shared;

/// How often each command may wait at most: its loads of the person and of the record, and its swaps. What is asked
/// while a PIN is hashed waits for nobody, and is counted here all the same.
const COMMANDS: [(&str, u64); 7] = [
    ("begin", 1),
    ("authenticate", 3),
    ("create PIN", 5),
    ("check", 2),
    ("lock", 2),
    ("unlock, wrong", 5),
    ("unlock, right", 5),
];

async fn applied(store: &NatsStore, key: Key, expect: Expect, bytes: &[u8]) -> u64 {
    match store.compare_and_swap(&key, expect, bytes.to_vec(), &[]).await.unwrap() {
        Swap::Applied(version) => version.number(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn people_and_accounts_are_listed_and_removed_ones_are_not() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "listed").await;
        assert_eq!(store.people().await.unwrap(), []);
        for number in [3, 1, 2] {
            applied(&store, Key::person(person(number)), Expect::Absent, b"facts").await;
        }
        applied(&store, Key::account(person(2)), Expect::Absent, b"account").await;
        assert_eq!(store.people().await.unwrap(), [1, 2, 3].map(person));
        assert_eq!(store.accounts().await.unwrap(), [person(2)]);
        assert!(store.remove_facts(person(2)).await.unwrap());
        assert!(!store.remove_facts(person(2)).await.unwrap());
        assert!(!store.remove_facts(person(9)).await.unwrap());
        assert_eq!(store.people().await.unwrap(), [1, 3].map(person));
        assert_eq!(store.accounts().await.unwrap(), [person(2)]);
    });
}

#[test]
fn over_a_removed_record_one_of_many_creates_and_versions_go_on() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "removed").await;
        let key = Key::person(person(1));
        let mut last = applied(&store, key, Expect::Absent, b"first").await;
        for _ in 0..10 {
            assert!(store.remove_facts(person(1)).await.unwrap());
            assert_eq!(store.load(&key).await.unwrap(), None);
            let at = Expect::At(Version::from_number(last));
            assert_eq!(store.compare_and_swap(&key, at, vec![0], &[]).await.unwrap(), Swap::Conflict);
            let creating = (0..8_u8).map(|number| {
                let store = store.clone();
                tokio::spawn(
                    async move { store.compare_and_swap(&key, Expect::Absent, vec![number], &[]).await },
                )
            });
            let mut made = Vec::new();
            for (number, creating) in creating.collect::<Vec<_>>().into_iter().enumerate() {
                match creating.await.unwrap().unwrap() {
                    Swap::Applied(version) => made.push((number, version)),
                    other => assert_eq!(other, Swap::Conflict),
                }
            }
            let [(number, version)] = made[..] else { panic!("{made:?} were applied") };
            let found = store.load(&key).await.unwrap().unwrap();
            assert_eq!((usize::from(found.bytes[0]), found.version), (number, version));
            assert!(version.number() > last);
            last = version.number();
        }
    });
}

/// As `nats kv del` leaves it, and as `nats stream purge` does.
#[test]
fn what_an_operator_deleted_or_purged_is_absent_and_can_be_made_anew() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "purged").await;
        let key = Key::account(person(1));
        let first = applied(&store, key, Expect::Absent, b"first").await;
        bucket_by_hand(server.address(), "purged").await.delete(key.as_str()).await.unwrap();
        assert_eq!(store.load(&key).await.unwrap(), None);
        let second = applied(&store, key, Expect::Absent, b"second").await;
        let stream = by_hand(server.address()).await.get_stream("KV_purged").await.unwrap();
        stream.purge().filter(format!("$KV.purged.{}", key.as_str())).await.unwrap();
        assert_eq!(store.load(&key).await.unwrap(), None);
        let third = applied(&store, key, Expect::Absent, b"third").await;
        assert!(first < second && second < third, "{first} {second} {third}");
    });
}

#[test]
fn on_a_client_of_the_hosts_it_is_the_same_bucket() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let client = async_nats::connect(server.address().to_string()).await.unwrap();
        let store = pinlatch_stores::nats::NatsOptions::new().prefix("given").over(client).await.unwrap();
        applied(&store, Key::account(person(1)), Expect::Absent, b"first").await;
        assert_eq!(open(server.address(), "given").await.accounts().await.unwrap(), [person(1)]);
    });
}

/// Waits on the wire while this goes on, heartbeats not counted.
async fn turns<T>(wire: &Wire, goes_on: impl Future<Output = T>) -> (T, u64) {
    let before = wire.turns();
    let done = goes_on.await;
    (done, wire.turns() - before)
}

#[test]
fn each_operation_is_one_turn_of_waiting() {
    let Some(server) = server() else { return };
    let wire = wire(&server);
    shared::runtime().block_on(async {
        let store = open(wire.address(), "turns").await;
        let key = Key::account(person(1));
        assert_eq!(turns(&wire, store.load(&key)).await.1, 1, "a load");
        let (first, waited) = turns(&wire, applied(&store, key, Expect::Absent, b"first")).await;
        assert_eq!(waited, 1, "a create");
        let at = Expect::At(Version::from_number(first));
        assert_eq!(turns(&wire, applied(&store, key, at, b"second")).await.1, 1, "an update");
        let stale = store.compare_and_swap(&key, at, vec![3], &[]);
        assert_eq!(turns(&wire, stale).await.1, 1, "an update that conflicts");
        let twice = store.compare_and_swap(&key, Expect::Absent, vec![3], &[]);
        assert_eq!(
            turns(&wire, twice).await.1,
            2,
            "a create that conflicts looks whether the record was removed"
        );
        let facts = Key::person(person(1));
        applied(&store, facts, Expect::Absent, b"facts").await;
        store.remove_facts(person(1)).await.unwrap();
        let over = applied(&store, facts, Expect::Absent, b"facts");
        assert_eq!(turns(&wire, over).await.1, 3, "a create over a removed record");
        let both = futures_util::future::join(store.load(&key), store.load(&facts));
        assert!(turns(&wire, both).await.1 <= 2, "two loads at once");
    });
}

/// A load and each swap is one; what one command asks of two records at once is two on the wire.
#[test]
fn the_gates_commands_wait_as_often_as_they_load_and_write() {
    let Some(server) = server() else { return };
    let wire = wire(&server);
    shared::runtime().block_on(async {
        let store = Arc::new(open(wire.address(), "gate").await);
        let seen = shared::commands::waits_of_each(store, || wire.turns()).await;
        for ((command, waits), (expected, at_most)) in seen.into_iter().zip(COMMANDS) {
            assert_eq!(command, expected);
            assert!(waits <= at_most, "{command} waits {waits} times");
        }
    });
}

#[test]
#[ignore = "a measurement, no test"]
fn how_long_a_load_and_a_swap_take() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "measured").await;
        shared::commands::measure(&store).await;
    });
}
