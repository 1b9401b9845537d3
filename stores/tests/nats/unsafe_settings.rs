//! Settings that break a promise: `open` refuses them; where their risk is accepted, the promise is broken.

use std::path::Path;
use std::time::{Duration, Instant};

use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::nats::{NatsError, NatsOptions, NatsStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::{Engine, Server};

use crate::fixture::{by_hand, server, url};
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
    let config = |directory: &Path| {
        let path = directory.join("small.conf");
        std::fs::write(&path, "max_payload: 65536\njetstream { store_dir: \"data\" }\n").unwrap();
        path
    };
    if shared::private(Engine::Nats, &[]).is_none() {
        return;
    }
    let start = move |directory: &Path, port: u16| {
        let mut command = std::process::Command::new("nats-server");
        command.current_dir(directory).args(["-a", "127.0.0.1", "-p", &port.to_string(), "-c"]);
        command.arg(config(directory));
        command
    };
    let is_ready = |port| std::net::TcpStream::connect((std::net::Ipv4Addr::LOCALHOST, port)).is_ok();
    let server = Server::start("NATS", start, is_ready).unwrap();
    shared::runtime().block_on(async {
        let refused = NatsStore::open(&url(server.address())).await.unwrap_err();
        assert!(
            matches!(&refused, NatsError::Unsafe(found) if found.setting == "max_payload"),
            "{refused:?}"
        );
    });
}
