//! The seam to the engines: how each is opened, and how its audit trail is read back. A further engine is a type
//! with [`Engine`] here and an arm in [`for_engine!`](crate::for_engine).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Blocking, Journal, PeopleJournal, Store};
use pinlatch::id::PersonId;
#[cfg(any(
    feature = "postgres",
    feature = "mariadb",
    feature = "redis",
    feature = "nats",
    feature = "etcd"
))]
use pinlatch_stores::any::{AnyJournal, AnyStore};
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::conformance::Fixture;
use pinlatch_testkit::shelf::{BrokenStore, Bug, Shelf};
use pinlatch_testkit::{MemoryStore, rig};

use crate::Failed;
use crate::call::Line;
use crate::log::Log;

/// Every name that [`for_engine!`](crate::for_engine) knows and that is expected to hold; a server's needs the feature
/// of its name.
pub const NAMES: &[&str] = &["memory", "sqlite", "postgres", "mariadb", "redis", "nats", "etcd"];

/// Does something with the type of the engine of this name; the value is a `Result<_, Failed>`.
#[macro_export]
macro_rules! for_engine {
    ($name:expr, $engine:ident => $do:expr) => {
        match $name {
            "memory" => {
                type $engine = $crate::seam::Memory;
                $do
            }
            "sqlite" => {
                type $engine = $crate::seam::Sqlite;
                $do
            }
            #[cfg(feature = "postgres")]
            "postgres" => {
                type $engine = $crate::seam::Postgres;
                $do
            }
            #[cfg(feature = "mariadb")]
            "mariadb" => {
                type $engine = $crate::seam::MariaDb;
                $do
            }
            #[cfg(feature = "redis")]
            "redis" => {
                type $engine = $crate::seam::Redis;
                $do
            }
            #[cfg(feature = "nats")]
            "nats" => {
                type $engine = $crate::seam::Nats;
                $do
            }
            #[cfg(feature = "etcd")]
            "etcd" => {
                type $engine = $crate::seam::Etcd;
                $do
            }
            "check-then-write" => {
                type $engine = $crate::seam::CheckThenWrite;
                $do
            }
            other => Err(format!(
                "no engine {other:?} is built in; there are {}, servers behind features of their names",
                $crate::seam::NAMES.join(", ")
            )
            .into()),
        }
    };
}

/// Where an engine is reached.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    /// Its server, or the wire before it; `None` for an engine without.
    pub address: Option<SocketAddr>,
    /// A folder of the run, for an engine that is a file.
    pub folder: &'a Path,
}

/// What is attacked and measured.
pub trait Engine: 'static {
    /// Its name on the command line.
    const NAME: &'static str;
    /// How the rig starts its server. Without one the weather is made [inside](crate::storm), and what is killed
    /// are the hosts.
    const SERVER: Option<rig::Engine>;
    /// Whether it lives in one process, so that the hosts are threads and none is killed.
    const IN_PROCESS: bool;
    /// Keeps accounts and people.
    type Store: Store + Clone + 'static;
    /// Takes what the store does not.
    type Journal: PeopleJournal + 'static;

    /// How it is opened there.
    fn url(place: Place<'_>) -> String;

    /// Opens it; with the same URL again, the same data.
    fn open(url: &str) -> impl Future<Output = Result<Self::Store, Failed>>;

    /// Its own journal, or [`InLog`].
    fn journal(store: &Self::Store, log: &Arc<Log>) -> Self::Journal;

    /// What it keeps of a person's trail itself.
    fn kept(store: &Self::Store, person: PersonId) -> impl Future<Output = Result<Kept, Failed>>;
}

/// What an engine keeps of a person's trail itself; `None` where that is with the hosts' journals.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// What happened to the account.
    pub events: Option<Vec<Event>>,
    /// What administrators changed.
    pub changes: Option<Vec<PeopleEntry>>,
}

/// What a journal keeps of a person.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// What happened to the account.
    pub events: Vec<Event>,
    /// What administrators changed.
    pub changes: Vec<PeopleEntry>,
}

/// The journal of a host on an engine without one: in the host's log.
#[derive(Clone, Debug)]
pub struct InLog(pub Arc<Log>);

impl Journal for InLog {
    type Error = std::convert::Infallible;

    async fn record(&self, events: &[Event]) -> Result<(), Self::Error> {
        events.iter().for_each(|event| self.0.write(&Line::Event(Box::new(*event))));
        Ok(())
    }

    async fn refused(&self, _: &RefusalEvent) -> Result<(), Self::Error> {
        Ok(())
    }
}

impl PeopleJournal for InLog {
    async fn record_people(&self, changes: &[PeopleEntry]) -> Result<(), Self::Error> {
        changes.iter().for_each(|change| self.0.write(&Line::Change(Box::new(change.clone()))));
        Ok(())
    }
}

/// One SQLite file.
#[derive(Clone, Copy, Debug)]
pub struct Sqlite;

impl Engine for Sqlite {
    const NAME: &'static str = "sqlite";
    const SERVER: Option<rig::Engine> = None;
    const IN_PROCESS: bool = false;
    type Store = Blocking<Arc<SqliteStore>>;
    type Journal = Blocking<Arc<SqliteStore>>;

    fn url(place: Place<'_>) -> String {
        place.folder.join("store.sqlite").display().to_string()
    }

    async fn open(url: &str) -> Result<Self::Store, Failed> {
        Ok(Blocking(Arc::new(SqliteStore::open(url)?)))
    }

    fn journal(store: &Self::Store, _: &Arc<Log>) -> Self::Journal {
        store.clone()
    }

    async fn kept(store: &Self::Store, person: PersonId) -> Result<Kept, Failed> {
        Ok(Kept { events: Some(store.0.events(person)?), changes: Some(store.0.changes(person)?) })
    }
}

/// An engine on a server of the rig, opened by its address.
macro_rules! server {
    ($feature:literal, $name:ident, $($address:tt)*) => {
        #[doc = concat!($feature, ", on a private server.")]
        #[cfg(feature = $feature)]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        #[cfg(feature = $feature)]
        impl Engine for $name {
            const NAME: &'static str = $feature;
            const SERVER: Option<rig::Engine> = Some(rig::Engine::$name);
            const IN_PROCESS: bool = false;
            type Store = AnyStore;
            type Journal = AnyJournal<InLog>;

            fn url(place: Place<'_>) -> String {
                let server = place.address.map(|address| address.to_string()).unwrap_or_default();
                format!($($address)*, server)
            }

            async fn open(url: &str) -> Result<Self::Store, Failed> {
                Ok(AnyStore::open(url).await?)
            }

            fn journal(store: &Self::Store, log: &Arc<Log>) -> Self::Journal {
                store.journal_or(InLog(Arc::clone(log)))
            }

            async fn kept(store: &Self::Store, person: PersonId) -> Result<Kept, Failed> {
                if !store.engine().keeps_trail() {
                    return Ok(Kept::default());
                }
                let (events, changes) = (store.events(person).await?, store.changes(person).await?);
                Ok(Kept { events: Some(events), changes: Some(changes) })
            }
        }
    };
}

server!("postgres", Postgres, "postgres://postgres@{}/postgres");
server!("mariadb", MariaDb, "mariadb://root@{}/test");
server!("redis", Redis, "redis://{}");
server!("nats", Nats, "nats://{}");
server!("etcd", Etcd, "etcd://{}");

/// The store in memory of the test kit.
#[derive(Clone, Copy, Debug)]
pub struct Memory;

impl Engine for Memory {
    const NAME: &'static str = "memory";
    const SERVER: Option<rig::Engine> = None;
    const IN_PROCESS: bool = true;
    type Store = Blocking<Arc<MemoryStore>>;
    type Journal = InLog;

    fn url(place: Place<'_>) -> String {
        place.folder.display().to_string()
    }

    async fn open(url: &str) -> Result<Self::Store, Failed> {
        static OPENED: LazyLock<Mutex<HashMap<String, Arc<MemoryStore>>>> = LazyLock::new(Mutex::default);
        let mut opened = OPENED.lock().expect("nobody panics in here");
        Ok(Blocking(Arc::clone(opened.entry(url.to_owned()).or_default())))
    }

    fn journal(_: &Self::Store, log: &Arc<Log>) -> Self::Journal {
        InLog(Arc::clone(log))
    }

    async fn kept(_: &Self::Store, _: PersonId) -> Result<Kept, Failed> {
        Ok(Kept::default())
    }
}

/// A store with a bug: it compares the version, and then writes. The negative control.
#[derive(Clone, Copy, Debug)]
pub struct CheckThenWrite;

impl Engine for CheckThenWrite {
    const NAME: &'static str = "check-then-write";
    const SERVER: Option<rig::Engine> = None;
    const IN_PROCESS: bool = true;
    type Store = Arc<Blocking<BrokenStore>>;
    type Journal = InLog;

    fn url(place: Place<'_>) -> String {
        place.folder.display().to_string()
    }

    async fn open(url: &str) -> Result<Self::Store, Failed> {
        type Opened = HashMap<String, Arc<Blocking<BrokenStore>>>;
        static OPENED: LazyLock<Mutex<Opened>> = LazyLock::new(Mutex::default);
        let made = Arc::new(Shelf::with(Bug::CheckThenWrite).with_a_wide_gap().fresh().await);
        let mut opened = OPENED.lock().expect("nobody panics in here");
        Ok(Arc::clone(opened.entry(url.to_owned()).or_insert(made)))
    }

    fn journal(_: &Self::Store, log: &Arc<Log>) -> Self::Journal {
        InLog(Arc::clone(log))
    }

    async fn kept(store: &Self::Store, person: PersonId) -> Result<Kept, Failed> {
        let events = Shelf::with(Bug::CheckThenWrite).events(store, person).await;
        Ok(Kept { events, changes: None })
    }
}
