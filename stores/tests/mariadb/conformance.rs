//! The kit, with every hook real: a proxy on the wire, a server that is killed.

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};

use pinlatch::account::Event;
use pinlatch::host::{Key, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore};
use pinlatch_testkit::conformance::{AsyncFixture, CHECKS, RACES, Rival, run};
use pinlatch_testkit::rig::{Engine, Server, Wire};
use tokio::runtime::Handle;

use crate::servers::{by_hand, database};
use crate::shared;

/// Every store has a database of its own on one server, behind a wire of its own.
struct Databases {
    server: Server,
    /// Of each store that was made: what its handle shows, its URL past the wire, and its wire.
    made: Mutex<Vec<Made>>,
}

#[derive(Clone)]
struct Made {
    shown: String,
    direct: String,
    wire: Arc<Wire>,
}

impl Databases {
    fn of(&self, store: &MariaDbStore) -> Made {
        let shown = format!("{store:?}");
        self.made.lock().unwrap().iter().rev().find(|made| made.shown == shown).unwrap().clone()
    }

    /// A handle behind a wire of its own, on the database of this URL.
    async fn behind_a_wire(&self, direct: String) -> Result<MariaDbStore, MariaDbError> {
        let wire = Wire::before(self.server.address()).unwrap();
        // One connection: with more, the next operation may find the last one's still on its way back to the pool and make
        // a new one, and then what was meant for the operation meets that.
        let options = MariaDbOptions::new().connections(NonZeroUsize::MIN);
        let store = options.open(&by_way_of(&direct, wire.address())).await?;
        let made = Made { shown: format!("{store:?}"), direct, wire: Arc::new(wire) };
        self.made.lock().unwrap().push(made);
        Ok(store)
    }

    /// The rival comes through a handle past the wire, while the request waits on the wire.
    async fn interrupt(&self, store: &MariaDbStore, rival: Rival) -> Result<bool, MariaDbError> {
        let made = self.of(store);
        let other = MariaDbStore::open(&made.direct).await?;
        let runtime = Handle::current();
        made.wire.interrupt_next(move || runtime.block_on(rival.writes_through(&other)));
        Ok(true)
    }
}

fn by_way_of(direct: &str, address: SocketAddr) -> String {
    let (_, name) = direct.rsplit_once('/').unwrap();
    format!("mysql://root@{address}/{name}")
}

fn literal(key: &Key) -> String {
    format!("'{}'", key.as_str())
}

impl AsyncFixture for Databases {
    type Store = MariaDbStore;
    type Error = MariaDbError;

    async fn fresh(&self) -> Result<MariaDbStore, MariaDbError> {
        let direct = database(&self.server, self.server.address()).await;
        self.behind_a_wire(direct).await
    }

    /// A pool of its own, past the wire.
    async fn another(&self, store: &MariaDbStore) -> Result<Option<MariaDbStore>, MariaDbError> {
        MariaDbStore::open(&self.of(store).direct).await.map(Some)
    }

    async fn crash_and_reopen(&self, store: MariaDbStore) -> Result<Option<MariaDbStore>, MariaDbError> {
        let made = self.of(&store);
        drop(store);
        tokio::task::block_in_place(|| self.server.restart()).unwrap();
        self.behind_a_wire(made.direct).await.map(Some)
    }

    async fn delete(&self, store: &MariaDbStore, key: &Key) -> Result<bool, MariaDbError> {
        let delete = format!("DELETE FROM pinlatch_records WHERE k = {}", literal(key));
        Ok(by_hand(&self.of(store).direct, &delete).await == 1)
    }

    async fn delete_if_unchanged(
        &self,
        store: &MariaDbStore,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, MariaDbError> {
        let (key, since) = (literal(key), since.number());
        let delete = format!("DELETE FROM pinlatch_records WHERE k = {key} AND version = {since}");
        Ok(Some(by_hand(&self.of(store).direct, &delete).await == 1))
    }

    async fn lose_next_reply(&self, store: &MariaDbStore) -> Result<bool, MariaDbError> {
        self.of(store).wire.lose_next_reply();
        Ok(true)
    }

    async fn lose_next_request(&self, store: &MariaDbStore) -> Result<bool, MariaDbError> {
        self.of(store).wire.lose_next_request();
        Ok(true)
    }

    async fn interrupt_next_swap(&self, store: &MariaDbStore, rival: Rival) -> Result<bool, MariaDbError> {
        self.interrupt(store, rival).await
    }

    async fn interrupt_next_load(&self, store: &MariaDbStore, rival: Rival) -> Result<bool, MariaDbError> {
        self.interrupt(store, rival).await
    }

    async fn stop_next_swap_half_way(&self, store: &MariaDbStore) -> Result<bool, MariaDbError> {
        self.of(store).wire.cut_next_request();
        Ok(true)
    }

    async fn go_down(&self, store: &MariaDbStore) -> Result<bool, MariaDbError> {
        self.of(store).wire.go_down();
        Ok(true)
    }

    async fn events(
        &self,
        store: &MariaDbStore,
        person: PersonId,
    ) -> Result<Option<Vec<Event>>, MariaDbError> {
        // Past the wire, which may still have something waiting for the next request.
        let other = MariaDbStore::open(&self.of(store).direct).await?;
        other.events(person).await.map(Some)
    }

    /// Neither this crate nor InnoDB goes by any clock: nothing here has a time.
    async fn set_clock(&self, _: &MariaDbStore, _: Timestamp) -> Result<bool, MariaDbError> {
        Ok(true)
    }
}

#[test]
fn the_kit_passes_with_nothing_unproven_but_that_versions_do_not_wrap() {
    let Some(server) = shared::private(Engine::MariaDb, &[]) else { return };
    let databases = Databases { server, made: Mutex::default() };
    let runtime = shared::runtime();
    let report = run(&databases, |task| runtime.block_on(task));
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    // Versions are drawn at random from 64 bits: there is no next one to set, and the kit sees without it that they reach
    // beyond 53 bits, but for one run in two thousand.
    let unproven = report.unproven().collect::<Vec<_>>();
    assert!(unproven.is_empty() || unproven == ["versions_do_not_wrap"], "{report}");
    // Other connections, kills of a server, no clock: what the hooks above say of themselves.
    let on_word = [
        "another_handle_sees_every_write",
        "another_handles_write_makes_ours_stale",
        "an_applied_write_survives_a_crash",
        "nothing_expires",
        "versions_do_not_follow_the_clock",
        "a_write_is_whole_or_not_at_all",
        "events_are_kept_with_their_write_or_not_at_all",
    ];
    assert_eq!(report.on_the_authors_word().collect::<Vec<_>>(), on_word);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
}
