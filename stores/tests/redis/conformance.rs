//! The kit, with every hook that this engine can have acting on the wire or on the server.

use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::time::Timestamp;
use pinlatch_stores::redis::{RedisError, RedisOptions, RedisStore};
use pinlatch_testkit::conformance::{AsyncFixture, CHECKS, RACES, Rival, run};
use pinlatch_testkit::rig::{Server, Wire};
use redis::Client;

use crate::shared;
use crate::support::{at, is_replicated, opened, server};

/// Each store has a prefix and a wire of its own on one server.
struct Prefixes {
    server: Server,
    made: AtomicU32,
    options: RedisOptions,
    /// What acknowledges each write, if one has to.
    replica: Option<Server>,
}

/// A store, and the wire that its connections go through. It adds nothing to an answer.
struct Wired {
    store: RedisStore,
    wire: Wire,
    prefix: String,
}

impl Store for Wired {
    type Error = RedisError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, RedisError> {
        self.store.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, RedisError> {
        self.store.compare_and_swap(key, expect, bytes, events).await
    }
}

impl Prefixes {
    async fn wired(&self, prefix: String) -> Wired {
        let wire = Wire::before(self.server.address()).unwrap();
        let store = opened(self.options.clone().prefix(&prefix), wire.address()).await;
        Wired { store, wire, prefix }
    }

    /// A rival of its own connections past the wire, on a thread that the wire gives it.
    fn rival(&self, store: &Wired, rival: Rival) -> impl FnOnce() + Send + 'static {
        let (options, address) = (self.options.clone().prefix(&store.prefix), self.server.address());
        move || {
            shared::runtime().block_on(async {
                let other = opened(options, address).await;
                rival.writes_through(&other).await;
            });
        }
    }

    async fn script(&self, store: &Wired, script: &str, key: &Key, more: &str) -> i64 {
        let client = Client::open(at(self.server.address())).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.unwrap();
        let mut eval = redis::cmd("EVAL");
        eval.arg(script).arg(1).arg(format!("{}:{}", store.prefix, key.as_str())).arg(more);
        eval.query_async(&mut connection).await.unwrap()
    }
}

impl AsyncFixture for Prefixes {
    type Store = Wired;
    type Error = Infallible;

    async fn fresh(&self) -> Result<Wired, Infallible> {
        Ok(self.wired(format!("kit-{}", self.made.fetch_add(1, Ordering::Relaxed))).await)
    }

    async fn another(&self, store: &Wired) -> Result<Option<Wired>, Infallible> {
        Ok(Some(self.wired(store.prefix.clone()).await))
    }

    async fn crash_and_reopen(&self, store: Wired) -> Result<Option<Wired>, Infallible> {
        self.server.kill().unwrap();
        self.server.restart().unwrap();
        if self.replica.is_some() {
            is_replicated(self.server.address()).await;
        }
        Ok(Some(self.wired(store.prefix.clone()).await))
    }

    async fn delete(&self, store: &Wired, key: &Key) -> Result<bool, Infallible> {
        Ok(self.script(store, "return redis.call('DEL', KEYS[1])", key, "").await == 1)
    }

    async fn delete_if_unchanged(
        &self,
        store: &Wired,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, Infallible> {
        let delete = "if redis.call('HGET', KEYS[1], 'v') ~= ARGV[1] then return 0 end \
                      return redis.call('DEL', KEYS[1])";
        Ok(Some(self.script(store, delete, key, &since.number().to_string()).await == 1))
    }

    async fn lose_next_reply(&self, store: &Wired) -> Result<bool, Infallible> {
        store.wire.lose_next_reply();
        Ok(true)
    }

    async fn lose_next_request(&self, store: &Wired) -> Result<bool, Infallible> {
        store.wire.lose_next_request();
        Ok(true)
    }

    async fn interrupt_next_swap(&self, store: &Wired, rival: Rival) -> Result<bool, Infallible> {
        store.wire.interrupt_next(self.rival(store, rival));
        Ok(true)
    }

    async fn interrupt_next_load(&self, store: &Wired, rival: Rival) -> Result<bool, Infallible> {
        store.wire.interrupt_next(self.rival(store, rival));
        Ok(true)
    }

    async fn stop_next_swap_half_way(&self, store: &Wired) -> Result<bool, Infallible> {
        store.wire.cut_next_request();
        Ok(true)
    }

    async fn go_down(&self, store: &Wired) -> Result<bool, Infallible> {
        store.wire.go_down();
        Ok(true)
    }

    /// Nothing here goes by a clock: no key has an expiry (`opening.rs`), and versions are drawn.
    async fn set_clock(&self, _: &Wired, _: Timestamp) -> Result<bool, Infallible> {
        Ok(true)
    }
}

fn kit_on(server: Server, options: RedisOptions, replica: Option<Server>) {
    let prefixes = Prefixes { server, made: AtomicU32::new(0), options, replica };
    let runtime = shared::runtime();
    let report = run(&prefixes, |task| runtime.block_on(task));
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    // Versions are drawn and not counted, so none can be set: of 2,048 runs one draws no number beyond 53 bits.
    let unproven: Vec<_> = report.unproven().collect();
    assert!(unproven.is_empty() || unproven == ["versions_do_not_wrap"], "{report}");
    let on_word = [
        "another_handle_sees_every_write",
        "another_handles_write_makes_ours_stale",
        "an_applied_write_survives_a_crash",
        "nothing_expires",
        "versions_do_not_follow_the_clock",
        "a_write_is_whole_or_not_at_all",
    ];
    assert_eq!(report.on_the_authors_word().collect::<Vec<_>>(), on_word);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
}

#[test]
fn the_kit_passes_and_nothing_is_unproven_but_at_times_the_width_of_versions() {
    let Some(server) = server(&[]) else { return };
    kit_on(server, RedisOptions::new(), None);
}

#[test]
fn the_kit_passes_where_a_replica_acknowledges_each_write() {
    let settings = ["--min-replicas-to-write", "1", "--repl-diskless-sync-delay", "0"];
    let Some(primary) = server(&settings) else { return };
    let port = primary.address().port().to_string();
    let replica = server(&["--replicaof", "127.0.0.1", &port]);
    shared::runtime().block_on(is_replicated(primary.address()));
    kit_on(primary, RedisOptions::new().acknowledged_by(NonZeroU32::MIN), replica);
}
