//! Many at once.

use std::collections::BTreeSet;

use pinlatch::host::{Expect, Key, Store};
use pinlatch_stores::redis::{RedisOptions, RedisStore};
use pinlatch_testkit::person;
use tokio::task::JoinSet;

use crate::shared::{self, guessing};
use crate::support::{URL, applied, at, by_hand, open, server};

#[test]
fn of_64_wrong_pins_at_once_five_are_compared() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let handles = [open(server.address()).await, open(server.address()).await];
        guessing::five_of_64_are_compared(handles).await;
    });
}

#[test]
fn ten_open_a_new_database_at_once() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let address = at(server.address());
        let mut openers = JoinSet::new();
        for _ in 0..10 {
            let address = address.clone();
            openers.spawn(async move { RedisStore::open(&address).await.unwrap() });
        }
        let stores = openers.join_all().await;
        let key = Key::account(person(1));
        let version = applied(&stores[0], &key, Expect::Absent, b"one").await;
        for store in &stores {
            assert_eq!(store.load(&key).await.unwrap().unwrap().version, version);
        }
        let keys: BTreeSet<String> = by_hand(server.address(), "KEYS *").await;
        let left = [format!("pinlatch:{}", key.as_str()), "pinlatch:schema".to_owned()];
        assert_eq!(keys, BTreeSet::from(left), "nothing is left of the trials");
    });
}

/// On the machine's own server, whatever its settings are: hence every risk that it may need.
#[test]
fn two_deployments_share_a_database_by_their_prefixes() {
    use pinlatch_stores::redis::Risk;
    let Some(address) = shared::url(URL) else { return };
    shared::runtime().block_on(async {
        let options = |name: &str| {
            RedisOptions::new()
                .prefix(format!("test-{}-{name}", std::process::id()))
                .accepting(Risk::LosesSinceSnapshot)
                .accepting(Risk::LosesUnsyncedWrites)
        };
        let one = options("one").open(&address).await.unwrap();
        let two = options("two").open(&address).await.unwrap();
        let key = Key::person(person(1));
        let version = applied(&one, &key, Expect::Absent, b"one").await;
        assert_eq!(two.load(&key).await.unwrap(), None);
        assert!(two.people().await.unwrap().is_empty());
        applied(&two, &key, Expect::Absent, b"two").await;
        assert_eq!(one.load(&key).await.unwrap().unwrap().version, version);
        for (store, name) in [(one, "one"), (two, "two")] {
            assert!(store.remove_facts(person(1)).await.unwrap());
            assert!(!store.remove_facts(person(1)).await.unwrap());
            let client = redis::Client::open(address.as_str()).unwrap();
            let mut connection = client.get_multiplexed_async_connection().await.unwrap();
            let note = format!("test-{}-{name}:schema", std::process::id());
            redis::cmd("DEL").arg(note).exec_async(&mut connection).await.unwrap();
        }
    });
}
