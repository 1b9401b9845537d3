//! Settings that break a promise: `open` refuses them; where their risk is accepted, the promise is broken.

use std::time::{Duration, Instant};

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::nats::{NatsError, NatsOptions, NatsStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Server;

use crate::fixture::{by_hand, configured, server, url};
use crate::shared;

fn key(number: u128) -> Key {
    Key::account(person(number))
}

/// Makes a bucket with one setting changed; `open` refuses it by name, and then, its risk accepted, opens it.
async fn refused_then_accepted(
    server: &Server,
    name: &str,
    change: impl FnOnce(&mut Config),
    setting: &str,
    risk: Risk,
) -> NatsStore {
    let mut config = Config {
        name: format!("KV_{name}"),
        subjects: vec![format!("$KV.{name}.>")],
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        ..Config::default()
    };
    change(&mut config);
    by_hand(server.address()).await.create_stream(config).await.unwrap();
    let options = NatsOptions::new().prefix(name);
    let refused = options.clone().open(&url(server.address())).await.unwrap_err();
    match &refused {
        NatsError::Unsafe(found) => {
            assert_eq!((found.setting, found.risk), (setting, Some(risk)), "{refused}")
        }
        other => panic!("{other:?}"),
    }
    options.accepting(risk).open(&url(server.address())).await.unwrap()
}

async fn create(store: &NatsStore, number: u128) {
    let made = store.compare_and_swap(&key(number), Expect::Absent, vec![1], &[]).await.unwrap();
    assert!(matches!(made, Swap::Applied(_)), "{made:?}");
}

#[test]
fn a_bucket_in_memory_forgets_in_a_crash() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let in_memory = |config: &mut Config| config.storage = StorageType::Memory;
        let store = refused_then_accepted(&server, "memory", in_memory, "storage", Risk::MemoryStorage).await;
        create(&store, 1).await;
        server.restart().unwrap();
        let options = NatsOptions::new().prefix("memory").accepting(Risk::MemoryStorage);
        let store = options.open(&url(server.address())).await.unwrap();
        assert_eq!(store.load(&key(1)).await.unwrap(), None, "then it need not be refused");
    });
}

#[test]
fn records_with_an_age_vanish() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let aging = |config: &mut Config| {
            config.max_age = Duration::from_secs(1);
            config.duplicate_window = Duration::from_secs(1);
        };
        let store = refused_then_accepted(&server, "aging", aging, "max_age", Risk::Expiry).await;
        create(&store, 1).await;
        let start = Instant::now();
        while store.load(&key(1)).await.unwrap().is_some() {
            assert!(start.elapsed() < Duration::from_secs(20), "then it need not be refused");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

#[test]
fn a_full_bucket_that_discards_the_old_forgets_accounts() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let discarding = |config: &mut Config| {
            config.discard = DiscardPolicy::Old;
            config.max_messages = 5;
        };
        let store = refused_then_accepted(&server, "old", discarding, "discard", Risk::DiscardOld).await;
        for number in 0..10 {
            create(&store, number).await;
        }
        assert_eq!(store.load(&key(0)).await.unwrap(), None, "then it need not be refused");
    });
}

#[test]
fn a_bucket_whose_entries_go_when_they_are_read_is_refused() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let queue = |config: &mut Config| config.retention = RetentionPolicy::WorkQueue;
        refused_then_accepted(&server, "queue", queue, "retention", Risk::Expiry).await;
    });
}

#[test]
fn a_server_that_takes_no_large_record_is_refused() {
    let small = "max_payload: 65536\njetstream { store_dir: \"data\" }\n";
    let Some(server) = configured(small) else { return };
    shared::runtime().block_on(async {
        let refused = NatsStore::open(&url(server.address())).await.unwrap_err();
        assert!(
            matches!(&refused, NatsError::Unsafe(found) if found.setting == "max_payload"),
            "{refused:?}"
        );
    });
}

/// An account that may keep 2 MB.
const LIMITED: &str = r#"
jetstream { store_dir: "data", max_file_store: 1G, max_memory_store: 64M }
accounts { A { jetstream { max_file: 2MB, max_mem: 1MB }, users: [ { user: a, password: a } ] } }
no_auth_user: a
"#;

/// Fills the bucket, then makes each record larger: how many of them are gone, and how many writes were refused that left
/// theirs. What was an error was not written.
async fn gone_and_refused(store: &NatsStore) -> (u32, u32) {
    let mut records = 0;
    loop {
        let made = store.compare_and_swap(&key(records), Expect::Absent, vec![1; 100_000], &[]).await;
        if !matches!(made, Ok(Swap::Applied(_))) {
            break;
        }
        records += 1;
    }
    let (mut gone, mut refused) = (0, 0);
    for record in 0..records {
        let Some(found) = store.load(&key(record)).await.unwrap() else { continue };
        let larger =
            store.compare_and_swap(&key(record), Expect::At(found.version), vec![2; 190_000], &[]).await;
        let after = store.load(&key(record)).await.unwrap();
        match larger {
            Ok(Swap::Applied(_)) => {}
            Ok(other) => {
                assert_eq!(other, Swap::Unknown);
                gone += u32::from(after.is_none());
                refused += u32::from(after == Some(found));
            }
            Err(error) => {
                assert!(matches!(error, NatsError::Full(_)), "{error:?}");
                assert_eq!(after, Some(found), "an error, and something was done");
                refused += 1;
            }
        }
    }
    (gone, refused)
}

#[test]
fn beyond_the_limit_of_its_account_a_record_that_is_overwritten_is_gone_before_2_10_27() {
    let Some(server) = configured(LIMITED) else { return };
    shared::runtime().block_on(async {
        let version = async_nats::connect(url(server.address())).await.unwrap().server_info().version;
        let number = |part: &str| part.parse::<u32>().unwrap();
        if version.split('.').map(number).ge([2, 10, 27]) {
            let store = NatsStore::open(&url(server.address())).await.unwrap();
            let (gone, refused) = gone_and_refused(&store).await;
            assert_eq!(gone, 0, "then it has to be refused: {version}");
            assert!(refused > 0, "no write was too large");
            return;
        }
        let limit = |refused: &NatsError| {
            matches!(refused, NatsError::Unsafe(found) if found.risk == Some(Risk::AccountLimit))
        };
        let refused = NatsStore::open(&url(server.address())).await.unwrap_err();
        assert!(limit(&refused), "{refused:?}");
        let made = by_hand(server.address()).await.get_stream("KV_pinlatch").await;
        assert!(made.is_err(), "a bucket was made for nothing");
        let options = NatsOptions::new().accepting(Risk::AccountLimit);
        let store = options.open(&url(server.address())).await.unwrap();
        let (gone, _) = gone_and_refused(&store).await;
        assert!(gone > 0, "then it need not be refused");
        let refused = NatsStore::open(&url(server.address())).await.unwrap_err();
        assert!(limit(&refused), "{refused:?}");
    });
}

#[test]
fn a_bucket_that_meets_its_own_limit_first_loses_nothing() {
    let Some(server) = configured(LIMITED) else { return };
    shared::runtime().block_on(async {
        let config = Config {
            name: "KV_pinlatch".to_owned(),
            subjects: vec!["$KV.pinlatch.>".to_owned()],
            max_messages_per_subject: 1,
            max_bytes: 1_800_000,
            discard: DiscardPolicy::New,
            ..Config::default()
        };
        by_hand(server.address()).await.create_stream(config).await.unwrap();
        let store = NatsStore::open(&url(server.address())).await.unwrap();
        let (gone, refused) = gone_and_refused(&store).await;
        assert_eq!(gone, 0);
        assert!(refused > 0, "it was never full");
    });
}
