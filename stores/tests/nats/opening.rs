//! Opening a bucket: made new, made at once by many, newer, somebody else's.

use std::error::Error;
use std::num::NonZeroUsize;
use std::time::Duration;

use async_nats::jetstream::kv;
use async_nats::jetstream::stream::{Config, DiscardPolicy};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::InvalidUrl;
use pinlatch_stores::nats::{NatsError, NatsOptions, NatsStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Engine;

use crate::fixture::{by_hand, configured, open, server, url};
use crate::shared;

fn key(number: u128) -> Key {
    Key::account(person(number))
}

async fn bucket_with(
    context: &async_nats::jetstream::Context,
    name: &str,
    schema: Option<&str>,
) -> kv::Store {
    let config = Config {
        name: format!("KV_{name}"),
        subjects: vec![format!("$KV.{name}.>")],
        max_messages_per_subject: 1,
        discard: DiscardPolicy::New,
        // As `nats kv add` has it.
        allow_direct: true,
        ..Config::default()
    };
    context.create_stream(config).await.unwrap();
    let bucket = context.get_key_value(name).await.unwrap();
    if let Some(schema) = schema {
        bucket.put("schema", schema.to_owned().into()).await.unwrap();
    }
    bucket
}

#[test]
fn ten_open_a_new_bucket_at_once() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        for round in 0..5 {
            let bucket = format!("round-{round}");
            let address = server.address();
            let opening = (0..10).map(|_| {
                let bucket = bucket.clone();
                tokio::spawn(async move { open(address, &bucket).await })
            });
            let mut stores = Vec::new();
            for opened in opening.collect::<Vec<_>>() {
                stores.push(opened.await.unwrap());
            }
            let made = stores[0].compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
            assert!(matches!(made, Swap::Applied(_)), "{made:?}");
            for store in stores {
                assert_eq!(store.load(&key(1)).await.unwrap().unwrap().bytes, [1]);
                assert!(store.people().await.unwrap().is_empty(), "what the probes wrote is still there");
            }
        }
    });
}

#[test]
fn a_bucket_keeps_what_it_holds_when_it_is_opened_again() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "again").await;
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![7; 2_000], &[]).await.unwrap();
        drop(store);
        let store = open(server.address(), "again").await;
        let found = store.load(&key(1)).await.unwrap().unwrap();
        assert_eq!((found.bytes, Swap::Applied(found.version)), (vec![7; 2_000], made));
    });
}

#[test]
fn an_empty_bucket_of_the_operators_is_taken() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let bucket = bucket_with(&by_hand(server.address()).await, "prepared", None).await;
        open(server.address(), "prepared").await;
        assert_eq!(bucket.get("schema").await.unwrap().as_deref(), Some(&b"1"[..]));
    });
}

#[test]
fn a_newer_schema_is_refused() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        bucket_with(&by_hand(server.address()).await, "newer", Some("2")).await;
        let refused = NatsOptions::new().prefix("newer").open(&url(server.address())).await.unwrap_err();
        assert!(matches!(refused, NatsError::NewerSchema { found: 2, known: 1 }), "{refused:?}");
    });
}

#[test]
fn somebody_elses_bucket_or_stream_is_refused_and_left_alone() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let context = by_hand(server.address()).await;
        let bucket = bucket_with(&context, "theirs", None).await;
        bucket.put("something", "else".into()).await.unwrap();
        bucket_with(&context, "odd", Some("first")).await;
        let stream = Config {
            name: "KV_stream".to_owned(),
            subjects: vec!["orders.>".to_owned()],
            ..Config::default()
        };
        context.create_stream(stream).await.unwrap();
        for prefix in ["theirs", "odd", "stream"] {
            let refused = NatsOptions::new().prefix(prefix).open(&url(server.address())).await.unwrap_err();
            assert!(matches!(refused, NatsError::AnotherProgram), "{prefix}: {refused:?}");
            let mut stream = context.get_stream(format!("KV_{prefix}")).await.unwrap();
            let messages = stream.info().await.unwrap().state.messages;
            assert_eq!(messages, u64::from(prefix != "stream"), "{prefix}");
        }
    });
}

#[test]
fn what_cannot_be_an_address_or_a_bucket_is_refused() {
    shared::runtime().block_on(async {
        for (url, wrong) in [
            ("redis://one", InvalidUrl::Scheme("nats")),
            ("nats://one/two", InvalidUrl::Rest),
            ("nats://token@one", InvalidUrl::Credentials),
        ] {
            let refused = NatsStore::open(url).await.unwrap_err();
            assert!(matches!(refused, NatsError::InvalidUrl(found) if found == wrong), "{refused:?}");
        }
        for prefix in ["", "a.b", "a b", "é", "*", &"x".repeat(65)] {
            let refused = NatsOptions::new().prefix(prefix).open("nats://127.0.0.1:1").await.unwrap_err();
            assert!(matches!(refused, NatsError::InvalidPrefix), "{prefix}: {refused:?}");
        }
    });
}

#[test]
fn a_password_opens_and_is_shown_nowhere() {
    let settings = ["--user", "anna", "--pass", "s3cret/ü"];
    let Some(server) = shared::private(Engine::Nats, &settings) else { return };
    shared::runtime().block_on(async {
        let address = server.address();
        let store = NatsStore::open(&format!("nats://anna:s3cret%2F%C3%BC@{address}")).await.unwrap();
        let refused = NatsStore::open(&format!("nats://anna:wr0ng-one@{address}")).await.unwrap_err();
        assert!(matches!(refused, NatsError::NotConnected(Some(_))), "{refused:?}");
        let unreachable = NatsStore::open("nats://anna:wr0ng-one@127.0.0.1:1").await.unwrap_err();
        let mut said = format!("{store:?}{refused:?}{unreachable:?}");
        for error in [&refused, &unreachable] {
            let mut next: Option<&dyn Error> = Some(error);
            while let Some(error) = next {
                said += &error.to_string();
                next = error.source();
            }
        }
        assert!(!said.contains("s3cret") && !said.contains("wr0ng"), "{said}");
    });
}

/// Somebody with full rights opened the bucket once; from then on these do.
const RIGHTS: &str = r#"
jetstream { store_dir: "data" }
authorization { users = [
    { user: "admin", password: "a" }
    { user: "host", password: "h", permissions: {
        publish: [
            "$KV.pinlatch.>", "$JS.API.INFO", "$JS.API.STREAM.INFO.KV_pinlatch", "$JS.API.STREAM.MSG.GET.KV_pinlatch",
            "$JS.API.STREAM.PURGE.KV_pinlatch", "$JS.API.CONSUMER.CREATE.KV_pinlatch",
            "$JS.API.CONSUMER.CREATE.KV_pinlatch.>"
        ],
        subscribe: ["_INBOX.>"]
    } }
] }
"#;

#[test]
fn the_rights_that_the_documentation_names_are_enough() {
    let Some(server) = configured(RIGHTS) else { return };
    shared::runtime().block_on(async {
        let address = server.address();
        let options = NatsOptions::new().patience(Duration::from_secs(2));
        let too_early = options.clone().open(&format!("nats://host:h@{address}")).await;
        assert!(too_early.is_err(), "who may not make the bucket made it");
        NatsStore::open(&format!("nats://admin:a@{address}")).await.unwrap();
        let store = options.open(&format!("nats://host:h@{address}")).await.unwrap();
        let facts = Key::person(person(1));
        let made = store.compare_and_swap(&facts, Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(store.people().await.unwrap(), [person(1)]);
        assert!(store.remove_facts(person(1)).await.unwrap());
    });
}

/// On the machine's server: two deployments in one account of NATS.
#[test]
fn two_deployments_share_a_server() {
    let Some(url) = shared::url("PINLATCH_NATS_URL") else { return };
    shared::runtime().block_on(async {
        let names = ["one", "two"].map(|name| format!("pinlatch-test-{}-{name}", std::process::id()));
        let [one, two] = [&names[0], &names[1]].map(|name| NatsOptions::new().prefix(name));
        let (one, two) = (one.open(&url).await.unwrap(), two.open(&url).await.unwrap());
        let made = one.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(two.load(&key(1)).await.unwrap(), None);
        assert_eq!((one.accounts().await.unwrap(), two.accounts().await.unwrap()), (vec![person(1)], vec![]));
        let context = async_nats::jetstream::new(async_nats::connect(&url).await.unwrap());
        for name in names {
            context.delete_key_value(&name).await.unwrap();
        }
    });
}

/// A leaf node's remote, reached or not, makes a single server name a cluster.
const LEAF: &str = r#"
server_name: leaf
jetstream { store_dir: "data" }
leafnodes { remotes: [ { url: "nats-leaf://127.0.0.1:1" } ] }
"#;

#[test]
fn a_single_server_that_names_a_cluster_keeps_one_replica() {
    let Some(server) = configured(LEAF) else { return };
    shared::runtime().block_on(async {
        let client = async_nats::connect(url(server.address())).await.unwrap();
        assert!(client.server_info().cluster.is_some(), "then this shows nothing");
        let store = open(server.address(), "pinlatch").await;
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        let mut stream = by_hand(server.address()).await.get_stream("KV_pinlatch").await.unwrap();
        assert_eq!(stream.info().await.unwrap().config.num_replicas, 1);
        open(server.address(), "pinlatch").await;
        let asked = NatsOptions::new().prefix("three").replicas(NonZeroUsize::new(3).unwrap());
        // Whatever the server's version.
        let asked = asked.accepting(Risk::RacingReplicas);
        let refused = asked.open(&url(server.address())).await.unwrap_err();
        assert!(matches!(refused, NatsError::Refused(_)), "{refused:?}");
    });
}
