//! Opening a prefix: made new, made at once by many, newer, somebody else's.

use std::error::Error;

use etcd_client::{Client, Permission, PutOptions};
use pinlatch::host::{Expect, Key, Store, Swap};
use pinlatch_stores::InvalidUrl;
use pinlatch_stores::etcd::{EtcdError, EtcdOptions, EtcdStore};
use pinlatch_testkit::person;

use crate::fixture::{by_hand, open, server, url};
use crate::shared;

fn key(number: u128) -> Key {
    Key::account(person(number))
}

#[test]
fn ten_open_a_new_prefix_at_once() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        for round in 0..5 {
            let prefix = format!("round-{round}");
            let address = server.address();
            let opening = (0..10).map(|_| {
                let prefix = prefix.clone();
                tokio::spawn(async move { open(address, &prefix).await })
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
fn a_prefix_keeps_what_it_holds_when_it_is_opened_again() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "again").await;
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![7; 2_000], &[]).await.unwrap();
        drop(store);
        let options = EtcdOptions::new().prefix("again");
        let store = options.open(&format!("etcd://{}", server.address())).await.unwrap();
        let found = store.load(&key(1)).await.unwrap().unwrap();
        assert_eq!((found.bytes, Swap::Applied(found.version)), (vec![7; 2_000], made));
    });
}

#[test]
fn a_newer_schema_is_refused() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        by_hand(server.address()).await.put("newer/schema", "2", None).await.unwrap();
        let refused = EtcdStore::open(&url(server.address(), "newer")).await.unwrap_err();
        assert!(matches!(refused, EtcdError::NewerSchema { found: 2, known: 1 }), "{refused:?}");
    });
}

#[test]
fn somebody_elses_keys_are_refused_and_left_alone() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        let mut client = by_hand(server.address()).await;
        client.put("theirs/something", "else", None).await.unwrap();
        let last = client.put("odd/schema", "first", None).await.unwrap();
        // A neighbour whose name begins alike is no reason.
        client.put("mine-too/something", "else", Some(PutOptions::new())).await.unwrap();
        for prefix in ["theirs", "odd"] {
            let refused = EtcdStore::open(&url(server.address(), prefix)).await.unwrap_err();
            assert!(matches!(refused, EtcdError::AnotherProgram), "{prefix}: {refused:?}");
        }
        let now = client.get("odd/schema", None).await.unwrap();
        let written_since = now.header().unwrap().revision() - last.header().unwrap().revision();
        assert_eq!(written_since, 1, "a refused prefix was written to");
        open(server.address(), "mine").await;
    });
}

#[test]
fn what_cannot_be_an_address_or_a_prefix_is_refused() {
    shared::runtime().block_on(async {
        for (url, wrong) in [
            ("http://one", InvalidUrl::Scheme("etcd")),
            ("etcd://one/two/three", InvalidUrl::Rest),
            ("etcd://name@one", InvalidUrl::Credentials),
        ] {
            let refused = EtcdStore::open(url).await.unwrap_err();
            assert!(matches!(refused, EtcdError::InvalidUrl(found) if found == wrong), "{refused:?}");
        }
        for prefix in ["", "a/b", "a b", "é", &"x".repeat(65)] {
            let refused = EtcdOptions::new().prefix(prefix).open("etcd://127.0.0.1:1").await.unwrap_err();
            assert!(matches!(refused, EtcdError::InvalidPrefix), "{prefix}: {refused:?}");
        }
    });
}

/// A user who may do what the store does under its prefix, and nothing else.
async fn with_a_user(client: &mut Client, prefix: &str) {
    client.user_add("root", "r00t-s3cret", None).await.unwrap();
    client.user_grant_role("root", "root").await.unwrap();
    client.user_add("anna", "s3cret/ü", None).await.unwrap();
    client.role_add("sign-in").await.unwrap();
    let under = Permission::read_write(format!("{prefix}/")).with_prefix();
    client.role_grant_permission("sign-in", under).await.unwrap();
    client.user_grant_role("anna", "sign-in").await.unwrap();
    client.auth_enable().await.unwrap();
}

#[test]
fn a_password_opens_outlives_a_restart_and_is_shown_nowhere() {
    let Some(server) = server() else { return };
    shared::runtime().block_on(async {
        with_a_user(&mut by_hand(server.address()).await, "ours").await;
        let address = server.address();
        let store = EtcdStore::open(&format!("etcd://anna:s3cret%2F%C3%BC@{address}/ours")).await.unwrap();
        let mut refused = vec![
            EtcdStore::open(&format!("etcd://anna:wr0ng-one@{address}/ours")).await.unwrap_err(),
            EtcdStore::open(&format!("etcd://anna:s3cret%2F%C3%BC@{address}/theirs")).await.unwrap_err(),
            EtcdStore::open(&format!("etcd://{address}/ours")).await.unwrap_err(),
        ];
        for error in &refused {
            assert!(matches!(error, EtcdError::Refused(_)), "{error:?}");
        }
        refused.push(EtcdStore::open("etcd://anna:wr0ng-one@127.0.0.1:1").await.unwrap_err());
        let mut said = format!("{store:?}");
        for error in &refused {
            said += &format!("{error:?}");
            let mut next: Option<&dyn Error> = Some(error);
            while let Some(error) = next {
                said += &error.to_string();
                next = error.source();
            }
        }
        assert!(!said.contains("s3cret") && !said.contains("wr0ng"), "{said}");
        // The server forgets the tokens that it has given.
        server.restart().unwrap();
        let start = std::time::Instant::now();
        while store.load(&key(1)).await.is_err() {
            assert!(start.elapsed() < std::time::Duration::from_secs(10));
        }
        let made = store.compare_and_swap(&key(1), Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
    });
}

/// On the server of this variable: two deployments in one etcd.
#[test]
fn two_deployments_share_a_server() {
    let Some(url) = shared::url("PINLATCH_ETCD_URL") else { return };
    shared::runtime().block_on(async {
        let names = ["one", "two"].map(|name| format!("pinlatch-test-{}-{name}", std::process::id()));
        let [one, two] = [&names[0], &names[1]].map(|name| EtcdOptions::new().prefix(name));
        let (one, two) = (one.open(&url).await.unwrap(), two.open(&url).await.unwrap());
        let facts = Key::person(person(1));
        let made = one.compare_and_swap(&facts, Expect::Absent, vec![1], &[]).await.unwrap();
        assert!(matches!(made, Swap::Applied(_)), "{made:?}");
        assert_eq!(two.load(&facts).await.unwrap(), None);
        assert_eq!((one.people().await.unwrap(), two.people().await.unwrap()), (vec![person(1)], vec![]));
        assert!(one.remove_facts(person(1)).await.unwrap());
    });
}
