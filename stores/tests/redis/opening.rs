//! What is refused on opening, and left as it was.

use std::collections::HashMap;
use std::error::Error;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use pinlatch::account::Account;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};
use pinlatch_stores::redis::{RedisError, RedisOptions, RedisStore, Risk};
use pinlatch_testkit::person;
use pinlatch_testkit::rig::Wire;

use crate::shared;
use crate::support::{applied, at, by_hand, open, opened, server};

#[test]
fn each_unsafe_setting_is_refused_and_accepted_by_name() {
    let cases: [(&[&str], &str, &str, Risk); 6] = [
        (&["--appendonly", "no"], "appendonly", "no", Risk::LosesSinceSnapshot),
        (&["--appendfsync", "everysec"], "appendfsync", "everysec", Risk::LosesASecond),
        (&["--appendfsync", "no"], "appendfsync", "no", Risk::LosesUnsyncedWrites),
        (
            &["--no-appendfsync-on-rewrite", "yes"],
            "no-appendfsync-on-rewrite",
            "yes",
            Risk::LosesUnsyncedWrites,
        ),
        (&["--maxmemory-policy", "allkeys-lru"], "maxmemory-policy", "allkeys-lru", Risk::Evicts),
        (&["--min-replicas-to-write", "1"], "replicas", "1", Risk::FailOverLosesWrites),
    ];
    for (settings, setting, found, needed) in cases {
        let Some(server) = server(settings) else { return };
        shared::runtime().block_on(async {
            let refused = RedisStore::open(&at(server.address())).await.unwrap_err();
            let RedisError::Unsafe(ref told) = refused else { panic!("{refused}") };
            let told = (told.setting, told.value.as_str(), told.risk);
            assert_eq!(told, (setting, found, Some(needed)), "{refused}");
            let accepted = RedisOptions::new().accepting(needed).open(&at(server.address())).await;
            if setting == "replicas" {
                // Accepted, and the server refuses to write without them.
                assert!(matches!(accepted, Err(RedisError::Refused { code, .. }) if &*code == "NOREPLICAS"));
            } else {
                accepted.unwrap();
            }
            println!("{refused}");
        });
    }
}

#[test]
fn a_cluster_s_node_is_refused() {
    let Some(server) = server(&["--cluster-enabled", "yes"]) else { return };
    shared::runtime().block_on(async {
        let refused = RedisStore::open(&at(server.address())).await.unwrap_err();
        assert!(
            matches!(&refused, RedisError::Unsafe(found) if found.risk == Some(Risk::Cluster)),
            "{refused}"
        );
        // Without slots it answers for no key, and says so.
        let accepted = RedisOptions::new().accepting(Risk::Cluster).open(&at(server.address())).await;
        assert!(matches!(accepted, Err(RedisError::Refused { ref code, .. }) if &**code == "CLUSTERDOWN"));
        // With all of them, every script keeps to one key.
        let _: String = by_hand(server.address(), "CLUSTER ADDSLOTSRANGE 0 16383").await;
        let start = std::time::Instant::now();
        let state = || by_hand::<String>(server.address(), "CLUSTER INFO");
        while !state().await.contains("cluster_state:ok") {
            assert!(start.elapsed().as_secs() < 20, "the cluster does not form");
            tokio::task::yield_now().await;
        }
        let store = opened(RedisOptions::new().accepting(Risk::Cluster), server.address()).await;
        for number in 0..20 {
            applied(&store, &Key::account(person(number)), Expect::Absent, b"").await;
        }
        assert_eq!(store.accounts().await.unwrap().len(), 20);
    });
}

/// As hosted servers have it: no `CONFIG`.
#[test]
fn where_settings_cannot_be_read_the_host_has_to_know_them() {
    let Some(server) = server(&["--rename-command", "CONFIG", ""]) else { return };
    shared::runtime().block_on(async {
        let refused = RedisStore::open(&at(server.address())).await.unwrap_err();
        assert!(matches!(refused, RedisError::Unread { name: "appendfsync" }), "{refused}");
        opened(RedisOptions::new().accepting(Risk::SettingsUnread), server.address()).await;
    });
}

/// The rights that the documentation lists, and no others.
#[test]
fn a_user_with_the_listed_rights_is_enough() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let rights = "+eval +exists +hget +hmget +hset +persist +pttl +del +scan +role +info +config|get";
        let _: String =
            by_hand(server.address(), &format!("ACL SETUSER anna on >pass ~pinlatch:* {rights}")).await;
        let store = RedisStore::open(&format!("redis://anna:pass@{}", server.address())).await.unwrap();
        applied(&store, &Key::account(person(1)), Expect::Absent, b"one").await;
        assert_eq!(store.accounts().await.unwrap(), [person(1)]);
        let wrong = RedisStore::open(&format!("redis://anna:wrong@{}", server.address())).await.unwrap_err();
        assert!(matches!(wrong, RedisError::Unauthenticated(_)), "{wrong}");
    });
}

/// A user without `ROLE`, `CONFIG` and `INFO`: records can be kept, once the host says that it knows.
#[test]
fn a_user_with_the_fewest_rights_is_enough() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let rights = "ACL SETUSER small on >pass ~pinlatch:* +eval +exists +hget +hmget +hset +persist +pttl +del +scan";
        let _: String = by_hand(server.address(), rights).await;
        let address = format!("redis://small:pass@{}", server.address());
        let refused = RedisStore::open(&address).await.unwrap_err();
        assert!(matches!(refused, RedisError::Unread { name: "role" }), "{refused}");
        let store = RedisOptions::new().accepting(Risk::SettingsUnread).open(&address).await.unwrap();
        applied(&store, &Key::account(person(1)), Expect::Absent, b"one").await;
        assert!(store.load(&Key::account(person(1))).await.unwrap().is_some());
        assert_eq!(store.accounts().await.unwrap(), [person(1)]);
    });
}

#[test]
fn a_prefix_of_somebody_else_or_a_newer_version_is_refused_and_left_alone() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let address = server.address();
        let _: String = by_hand(address, "SET theirs:schema 3").await;
        let _: i64 = by_hand(address, "HSET others:schema application else schema 1").await;
        let _: i64 = by_hand(address, "HSET newer:schema application pinlatch schema 2").await;
        for prefix in ["theirs", "others"] {
            let refused = RedisOptions::new().prefix(prefix).open(&at(address)).await.unwrap_err();
            assert!(matches!(refused, RedisError::ForeignObject { .. }), "{refused}");
        }
        let refused = RedisOptions::new().prefix("newer").open(&at(address)).await.unwrap_err();
        assert!(matches!(refused, RedisError::NewerSchema { found: 2, known: 1 }), "{refused}");
        let theirs: String = by_hand(address, "GET theirs:schema").await;
        let others: HashMap<String, String> = by_hand(address, "HGETALL others:schema").await;
        assert_eq!((theirs.as_str(), others.len()), ("3", 2));
        let size: i64 = by_hand(address, "DBSIZE").await;
        assert_eq!(size, 3, "nothing was made");
        // The way out for a deployment in use.
        let _: i64 = by_hand(address, "DEL theirs:schema").await;
        let _: i64 = by_hand(address, "HSET theirs:schema application pinlatch schema 1").await;
        let _opened = RedisOptions::new().prefix("theirs").open(&at(address)).await.unwrap();
    });
}

#[test]
fn it_is_opened_again_with_what_was_there() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let key = Key::account(person(1));
        let version = applied(&open(server.address()).await, &key, Expect::Absent, b"one").await;
        let found = open(server.address()).await.load(&key).await.unwrap().unwrap();
        assert_eq!((found.bytes, found.version), (b"one".to_vec(), version));
    });
}

#[test]
fn a_record_that_is_none_of_ours_is_an_error_and_never_absent_or_overwritten() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        let name = format!("pinlatch:{}", key.as_str());
        for made in [
            format!("SET {name} text"),
            format!("HSET {name} v 1"),
            format!("HSET {name} d bytes"),
            format!("HSET {name} d bytes v one"),
            format!("HSET {name} d bytes v 01"),
            format!("HSET {name} d bytes v 18446744073709551616"),
        ] {
            let _: redis::Value = by_hand(server.address(), &made).await;
            let loaded = store.load(&key).await.unwrap_err();
            assert!(matches!(loaded, RedisError::ChangedByHand { .. }), "{made}: {loaded}");
            let swapped = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await;
            assert!(!matches!(swapped, Ok(Swap::Applied(_) | Swap::Unknown)), "{made}: {swapped:?}");
            if made.contains(" d bytes") {
                // The way out if only the version is wrong.
                let _: i64 = by_hand(server.address(), &format!("HSET {name} v 1")).await;
                assert_eq!(store.load(&key).await.unwrap().unwrap().bytes, b"bytes", "{made}");
            }
            let _: i64 = by_hand(server.address(), &format!("DEL {name}")).await;
            // The way out else: what is empty is surely damaged, and an invitation replaces it.
            let _: i64 = by_hand(server.address(), &format!("HSET {name} d  v 1")).await;
            let Loaded { bytes, version } = store.load(&key).await.unwrap().unwrap();
            assert!(Account::decode(&bytes, person(1)).unwrap_err().is_damage());
            let replaced = store.compare_and_swap(&key, Expect::At(version), vec![1], &[]).await.unwrap();
            assert!(matches!(replaced, Swap::Applied(_)), "{replaced:?}");
            let _: i64 = by_hand(server.address(), &format!("DEL {name}")).await;
        }
    });
}

/// An expiry that somebody set is taken off by the next write.
#[test]
fn a_write_takes_an_expiry_off() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let store = open(server.address()).await;
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        let name = format!("pinlatch:{}", key.as_str());
        let _: i64 = by_hand(server.address(), &format!("EXPIRE {name} 1000")).await;
        applied(&store, &key, Expect::At(version), b"two").await;
        let left: i64 = by_hand(server.address(), &format!("TTL {name}")).await;
        assert_eq!(left, -1);
    });
}

/// Before every request that passes, this happens to all people.
fn each_time(wire: &Arc<Wire>, server: SocketAddr, script: &'static str) {
    let (again, all) = (Arc::clone(wire), "for _, key in ipairs(redis.call('KEYS', 'pinlatch:p-*')) do ");
    wire.interrupt_next(move || {
        let mut connection = redis::Client::open(at(server)).unwrap().get_connection().unwrap();
        redis::cmd("EVAL").arg(format!("{all}{script} end")).arg(0).exec(&mut connection).unwrap();
        each_time(&again, server, script);
    });
}

#[test]
fn a_server_that_drops_or_expires_what_it_is_given_is_refused() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let wire = Arc::new(Wire::before(server.address()).unwrap());
        each_time(&wire, server.address(), "redis.call('EXPIRE', key, 1000)");
        let refused = RedisStore::open(&at(wire.address())).await.unwrap_err();
        assert!(matches!(refused, RedisError::Expires), "{refused}");
        each_time(&wire, server.address(), "redis.call('DEL', key)");
        let refused = RedisStore::open(&at(wire.address())).await.unwrap_err();
        assert!(matches!(refused, RedisError::Untrustworthy(_)), "{refused}");
        assert!(wire.forget_next());
        let left: Vec<String> = by_hand(server.address(), "KEYS *").await;
        assert_eq!(left, ["pinlatch:schema"], "nothing is left of the trials");
        RedisStore::open(&at(wire.address())).await.unwrap();
    });
}

/// The newer protocol answers `CONFIG GET` with a map, and `INFO` with a text that says what it is.
#[test]
fn the_newer_protocol_is_understood() {
    let Some(server) = server(&[]) else { return };
    shared::runtime().block_on(async {
        let address = format!("{}?protocol=resp3", at(server.address()));
        let store = RedisStore::open(&address).await.unwrap();
        let key = Key::account(person(1));
        let version = applied(&store, &key, Expect::Absent, b"one").await;
        assert_eq!(store.load(&key).await.unwrap().unwrap().version, version);
        assert_eq!(store.accounts().await.unwrap(), [person(1)]);
        let _: String = by_hand(server.address(), "CONFIG SET appendfsync everysec").await;
        let refused = RedisStore::open(&address).await.unwrap_err();
        assert!(matches!(&refused, RedisError::Unsafe(found) if found.setting == "appendfsync"), "{refused}");
    });
}

#[test]
fn a_prefix_that_means_something_in_a_pattern_is_refused() {
    shared::runtime().block_on(async {
        for prefix in ["", "a*", "a:b", "{a}", "A", "ä", &"a".repeat(65)] {
            let refused = RedisOptions::new().prefix(prefix).open("redis://127.0.0.1:1").await.unwrap_err();
            assert!(matches!(refused, RedisError::Prefix), "{prefix}: {refused}");
        }
    });
}

fn shown(error: &dyn Error) -> String {
    let source = error.source().map(shown).unwrap_or_default();
    format!("{error} {error:?} {source}")
}

/// Neither a wrong address nor a server that repeats what it was sent brings the password out.
#[test]
fn the_password_is_nowhere() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut sent = [0; 1024];
            let _read = stream.read(&mut sent);
            let error = "-ERR unknown command 'AUTH', with args beginning with: 'hunter2'\r\n";
            let _written = stream.write_all(error.repeat(8).as_bytes());
        }
    });
    shared::runtime().block_on(async {
        for address in [
            format!("redis://anna:hunter2@{address}"),
            format!("redis://:hunter2@{address}/5"),
            // Its first command has the password in it, and the driver repeats the server's error.
            format!("redis://anna:hunter2@{address}?protocol=resp3"),
            "redis://anna:hunter2@127.0.0.1:1".to_owned(),
            "redis://anna:hunter2@127.0.0.1:port".to_owned(),
            "redis://anna:hunter2@127.0.0.1/database".to_owned(),
            "http://anna:hunter2@127.0.0.1".to_owned(),
        ] {
            let refused = RedisStore::open(&address).await.unwrap_err();
            assert!(!shown(&refused).contains("hunter2"), "{}", shown(&refused));
        }
        let Some(server) = server(&[]) else { return };
        let _: String = by_hand(server.address(), "CONFIG SET requirepass hunter2").await;
        let store = RedisStore::open(&format!("redis://:hunter2@{}", server.address())).await.unwrap();
        assert_eq!(format!("{store:?}"), format!("RedisStore({}, pinlatch)", server.address()));
        // The driver's own first commands are refused, or ours.
        for (who, words) in [
            ("", ""),
            ("", "/5"),
            ("", "?protocol=resp3"),
            (":hunter3@", ""),
            ("anna:hunter2@", "/5"),
            (":hunter3@", "?protocol=resp3"),
        ] {
            let address = format!("redis://{who}{}{words}", server.address());
            let refused = RedisStore::open(&address).await.unwrap_err();
            assert!(matches!(refused, RedisError::Unauthenticated(_)), "{address}: {refused:?}");
        }
        assert!(!format!("{:?}", RedisOptions::new()).contains("hunter2"));
    });
}
