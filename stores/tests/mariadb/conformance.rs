//! The kit, with every hook real: a proxy on the wire, a server that is killed.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use pinlatch::account::Event;
use pinlatch::host::{Key, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_stores::mariadb::{MariaDbError, MariaDbOptions, MariaDbStore, Risk};
use pinlatch_testkit::conformance::{AsyncFixture, CHECKS, RACES, Report, Rival, run};
use pinlatch_testkit::rig::{Engine, Server, Wire};
use tokio::runtime::Handle;

use crate::servers::{by_hand, database};
use crate::shared;

/// Every store has a database of its own on one server, behind a wire of its own.
struct Databases {
    server: Server,
    accepted: Option<Risk>,
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

    async fn open(&self, url: &str) -> Result<MariaDbStore, MariaDbError> {
        let options = MariaDbOptions::new();
        match self.accepted {
            Some(risk) => options.accepting(risk).open(url).await,
            None => options.open(url).await,
        }
    }

    /// A handle behind a wire of its own, on the database of this URL.
    async fn behind_a_wire(&self, direct: String) -> Result<MariaDbStore, MariaDbError> {
        let wire = Wire::before(self.server.address()).unwrap();
        let store = self.open(&by_way_of(&direct, wire.address())).await?;
        let made = Made { shown: format!("{store:?}"), direct, wire: Arc::new(wire) };
        self.made.lock().unwrap().push(made);
        Ok(store)
    }

    /// The rival comes through a handle past the wire, while the request waits on the wire.
    async fn interrupt(&self, store: &MariaDbStore, rival: Rival) -> Result<bool, MariaDbError> {
        let made = self.of(store);
        let other = self.open(&made.direct).await?;
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
        self.open(&self.of(store).direct).await.map(Some)
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
        let other = self.open(&self.of(store).direct).await?;
        other.events(person).await.map(Some)
    }

    /// Neither this crate nor InnoDB goes by any clock: nothing here has a time.
    async fn set_clock(&self, _: &MariaDbStore, _: Timestamp) -> Result<bool, MariaDbError> {
        Ok(true)
    }
}

fn report(settings: &[&str], accepted: Option<Risk>) -> Option<Report> {
    let server = shared::private(Engine::MariaDb, settings)?;
    let databases = Databases { server, accepted, made: Mutex::default() };
    let runtime = shared::runtime();
    Some(run(&databases, |task| runtime.block_on(task)))
}

#[test]
fn the_kit_passes_with_nothing_unproven() {
    let Some(report) = report(&[], None) else { return };
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    assert_eq!(report.unproven().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
}
