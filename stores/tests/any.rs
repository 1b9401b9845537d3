//! The engine chosen by an address, in hosts with async and without.

mod shared;

use std::error::Error;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use pinlatch::account::{BeginFor, Event, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingJournal, BlockingStore, Expect, HostParts, Inline, Journal, Key, Store,
    StoredDirectory, Swap,
};
use pinlatch::host::{SystemClock, SystemRandomness};
use pinlatch::people::LocalDates;
use pinlatch::pin::PepperRing;
use pinlatch_stores::any::{AnyError, AnyStore, EngineName};
use pinlatch_stores::on_runtime::{OnRuntime, OnRuntimeError};
use pinlatch_stores::sqlite::{Background, SqliteStore};
#[cfg(feature = "redis")]
use pinlatch_testkit::rig::Engine;
use pinlatch_testkit::{CollectingJournal, UNMODIFIED, day, person};
use tempfile::TempDir;

/// A fresh file's address.
fn file(directory: &TempDir) -> String {
    format!("sqlite:{}", directory.path().join("store").display())
}

/// The engines that have an address on this machine, each skipped loudly without.
fn addresses(directory: &TempDir) -> Vec<(EngineName, String)> {
    let servers = [
        (cfg!(feature = "postgres"), EngineName::Postgres, "PINLATCH_POSTGRES_URL"),
        (cfg!(feature = "mariadb"), EngineName::MariaDb, "PINLATCH_MARIADB_URL"),
        (cfg!(feature = "redis"), EngineName::Redis, "PINLATCH_REDIS_URL"),
        (cfg!(feature = "nats"), EngineName::Nats, "PINLATCH_NATS_URL"),
        (cfg!(feature = "etcd"), EngineName::Etcd, "PINLATCH_ETCD_URL"),
    ];
    let servers = servers.into_iter().filter(|(is_on, ..)| *is_on);
    let servers = servers.filter_map(|(_, engine, variable)| Some((engine, shared::url(variable)?)));
    let servers = servers.map(|(engine, url)| match engine {
        // As it is shipped, it forgets.
        EngineName::Redis => (engine, format!("{url}?accept=LosesSinceSnapshot,LosesASecond")),
        _ => (engine, url),
    });
    [(EngineName::Sqlite, file(directory))].into_iter().chain(servers).collect()
}

#[test]
fn each_address_opens_its_engine_and_a_host_runs_on_it() {
    let directory = tempfile::tempdir().unwrap();
    shared::runtime().block_on(async {
        for (engine, address) in addresses(&directory) {
            let store = AnyStore::open(&address).await.unwrap();
            assert_eq!(store.engine(), engine);
            let host = HostParts {
                store: store.clone(),
                clock: SystemClock,
                directory: StoredDirectory::new(store.clone(), |_| LocalDates::everywhere(day(2026, 11, 22))),
                journal: store.journal_or(Blocking(CollectingJournal::new())),
                offload: Inline,
                randomness: SystemRandomness,
            };
            let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap();
            assert!(gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.is_ok());
            // The engine's own, or none.
            match store.journal() {
                Ok(journal) => {
                    assert_eq!(journal.record(&[]).await.is_ok(), engine.keeps_trail(), "{engine}")
                }
                Err(AnyError::NoTrail) => assert!(!engine.keeps_trail(), "{engine}"),
                Err(error) => panic!("{error}"),
            }

            let somebody = person(u128::from(std::process::id()) << 64);
            let refused = gate.browser_access(somebody).await.unwrap_err();
            match store.refusals(somebody).await {
                Ok(kept) => assert_eq!(kept.last().unwrap().refusal.code(), refused.code()),
                Err(AnyError::NoTrail) => assert!(!engine.keeps_trail()),
                Err(error) => panic!("{error}"),
            }
            let key = Key::person(somebody);
            let Swap::Applied(_) = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap()
            else {
                panic!("{engine:?} did not write")
            };
            assert!(store.people().await.unwrap().contains(&somebody));
            assert!(store.remove_facts(somebody).await.unwrap());
            assert_eq!(store.load(&key).await.unwrap(), None);
            assert!(!store.accounts().await.unwrap().contains(&somebody));
        }
    });
}

fn and(address: &str, parameter: &str) -> String {
    let joint = if address.contains('?') { '&' } else { '?' };
    format!("{address}{joint}{parameter}")
}

#[test]
fn several_deployments_share_a_database_and_see_nothing_of_each_other() {
    let directory = tempfile::tempdir().unwrap();
    shared::runtime().block_on(async {
        for (engine, address) in addresses(&directory) {
            if engine == EngineName::Sqlite {
                continue;
            }
            let [one, other] = ["any_one", "any_other"].map(|name| and(&address, &format!("prefix={name}")));
            let one = AnyStore::open(&one).await.unwrap();
            let other = AnyStore::open(&other).await.unwrap();
            let unsaid = AnyStore::open(&address).await.unwrap();
            let key = Key::account(person(u128::from(std::process::id()) << 64));
            let Swap::Applied(_) = one.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap()
            else {
                panic!("{engine:?} did not write")
            };
            for store in [&other, &unsaid] {
                assert_eq!(store.load(&key).await.unwrap(), None, "{engine}");
                assert!(!store.accounts().await.unwrap().contains(&key.owner()), "{engine}");
            }
            assert!(one.accounts().await.unwrap().contains(&key.owner()), "{engine}");
        }
    });
}

#[test]
fn what_an_address_says_too_much_is_refused_by_name_on_every_engine() {
    let directory = tempfile::tempdir().unwrap();
    shared::runtime().block_on(async {
        for (engine, address) in addresses(&directory) {
            let refused = AnyStore::open(&and(&address, "schema=hunter2")).await.unwrap_err();
            let said = format!("{refused} {refused:?}");
            assert!(said.contains("schema") && !said.contains("hunter2"), "{engine}: {said}");
            let refused = AnyStore::open(&and(&address, "accept=Everything")).await.unwrap_err();
            let is_named = match &refused {
                AnyError::Risk { name, .. } => name == "Everything",
                AnyError::Parameter { name, .. } => engine == EngineName::Sqlite && name == "accept",
                _ => false,
            };
            assert!(is_named, "{engine}: {refused:?}");
        }
    });
}

/// One risk of each engine that a server can be started with.
#[cfg(all(feature = "postgres", feature = "mariadb", feature = "redis"))]
#[test]
fn a_risk_is_accepted_by_the_address() {
    let risks = [
        (Engine::Postgres, "postgres://postgres@{}/postgres", &["-c", "fsync=off"][..], "NoFsync"),
        (Engine::MariaDb, "mysql://root@{}/test", &["--sync-binlog=0", "--log-bin=log"], "BinaryLogBehind"),
        (Engine::Redis, "redis://{}", &["--appendfsync", "everysec"], "LosesASecond"),
    ];
    for (engine, address, settings, risk) in risks {
        let Some(server) = shared::private(engine, settings) else { continue };
        let address = address.replace("{}", &server.address().to_string());
        shared::runtime().block_on(async {
            let refused = AnyStore::open(&address).await.unwrap_err();
            assert!(refused.source().unwrap().to_string().contains(risk), "{engine:?}: {refused:?}");
            AnyStore::open(&and(&address, &format!("accept={risk}"))).await.unwrap();
        });
    }
}

/// A server without a replica cannot give what the address asks for, and says so.
#[cfg(feature = "redis")]
#[test]
fn the_replicas_that_have_to_have_a_write_are_said_by_the_address() {
    let Some(server) = shared::private(Engine::Redis, &["--appendonly", "yes", "--appendfsync", "always"])
    else {
        return;
    };
    let address = format!("redis://{}", server.address());
    shared::runtime().block_on(async {
        AnyStore::open(&address).await.unwrap();
        let refused = AnyStore::open(&and(&address, "acknowledged_by=1")).await.unwrap_err();
        assert!(refused.source().unwrap().to_string().contains("replica"), "{refused:?}");
    });
}

#[test]
fn an_address_of_nothing_is_refused_without_showing_it() {
    shared::runtime().block_on(async {
        let refused = AnyStore::open("carrier-pigeon://anna:hunter2@coop").await.unwrap_err();
        assert!(matches!(refused, AnyError::UnknownAddress));
        assert!(!format!("{refused} {refused:?}").contains("hunter2"));
    });
}

#[test]
fn a_file_that_cannot_be_opened_says_which_engine_and_why() {
    shared::runtime().block_on(async {
        let refused = AnyStore::open("sqlite:/nowhere/at/all").await.unwrap_err();
        assert_eq!(refused.to_string(), "the engine `sqlite` reported an error");
        assert_eq!(refused.source().unwrap().to_string(), "the file cannot be opened");
    });
}

#[test]
fn what_cannot_be_opened_is_an_error_in_a_future_of_another_runtime_too() {
    shared::runtime().block_on(async {
        let refused = OnRuntime::open(async { AnyStore::open("nonsense").await }).map(drop).unwrap_err();
        assert!(matches!(refused, OnRuntimeError::Store(_)), "{refused}");
    });
}

#[test]
fn a_host_without_async_waits() {
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let opened = OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap();
    let store = Arc::new(opened);
    let key = Key::account(person(1));
    let Swap::Applied(version) = store.compare_and_swap(&key, Expect::Absent, vec![7], &[]).unwrap() else {
        panic!("not written")
    };
    // From a thread of another runtime, too, where blocking on a runtime would panic; and it may be dropped there.
    shared::runtime().block_on(async move {
        let loaded = store.load(&key).unwrap().unwrap();
        assert_eq!((loaded.bytes, loaded.version), (vec![7], version));
        let any = Arc::clone(store.store());
        assert_eq!(store.wait(async move { any.accounts().await.unwrap() }).unwrap(), [person(1)]);
        assert!(store.takes_events());
        drop(store);
    });
}

/// More threads than tokio keeps for what blocks, each of which the file needs another for.
#[test]
fn a_thousand_threads_wait_for_each_other_and_not_for_ever() {
    const THREADS: usize = 1_000;
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let store = OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap();
    let together = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for number in 0..THREADS {
            let (store, together) = (&store, &together);
            scope.spawn(move || {
                together.wait();
                let key = Key::account(person(number.try_into().unwrap()));
                (0..3).for_each(|_| assert!(store.load(&key).unwrap().is_none()));
            });
        }
    });
}

/// A task of another runtime has a share of time until it waits; what it asks here goes on after that.
#[cfg(feature = "nats")]
#[test]
fn a_task_of_another_runtime_asks_a_thousand_times_without_waiting() {
    let Some(address) = shared::url("PINLATCH_NATS_URL") else { return };
    let address = and(&address, "prefix=any_thousand");
    let store = OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap();
    shared::runtime().block_on(async move {
        tokio::spawn(async move {
            let key = Key::account(person(1));
            (0..1_000).for_each(|_| assert!(store.load(&key).unwrap().is_none()));
        })
        .await
        .unwrap();
    });
}

#[test]
fn a_future_of_the_runtime_that_would_wait_for_itself_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let store = Arc::new(OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap());
    let within = Arc::clone(&store);
    let key = Key::account(person(1));
    let answers = store.wait(async {
        let swapped = within.compare_and_swap(&key, Expect::Absent, vec![1], &[]);
        (within.load(&key).is_err(), matches!(swapped, Err(OnRuntimeError::NotRun(_))))
    });
    // Nothing was begun, and so no swap is in doubt.
    assert_eq!(answers.unwrap(), (true, true));
    assert!(store.load(&key).unwrap().is_none());
}

/// A journal of the host's that is in the middle of an entry until it is let go.
struct Slow {
    entered: SyncSender<()>,
    goes_on: Mutex<Receiver<()>>,
}

impl BlockingJournal for Slow {
    type Error = RecvTimeoutError;

    fn record(&self, _: &[Event]) -> Result<(), RecvTimeoutError> {
        self.entered.send(()).unwrap();
        self.goes_on.lock().unwrap().recv_timeout(Duration::from_secs(20))
    }

    fn refused(&self, _: &RefusalEvent) -> Result<(), RecvTimeoutError> {
        Ok(())
    }
}

/// Without events, the trail goes to the host's journal, which keeps nobody waiting but who asked for it.
#[test]
fn a_journal_of_the_hosts_that_takes_its_time_keeps_nobody_else_waiting() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("store");
    let sqlite = SqliteStore::open(file).unwrap().without_events();
    let store =
        OnRuntime::open(async { Ok::<_, AnyError>(Background::new(Arc::new(sqlite)).into()) }).unwrap();
    let store: OnRuntime<AnyStore> = store;
    assert!(!store.takes_events());
    let ((entered, has_entered), (go_on, goes_on)) = (sync_channel(1), sync_channel(1));
    let slow = Slow { entered, goes_on: Mutex::new(goes_on) };
    let journal = store.with(|any| any.journal_or(Blocking(slow)));
    let recording = std::thread::spawn(move || BlockingJournal::record(&journal, &[]));
    has_entered.recv().unwrap();
    assert!(store.load(&Key::account(person(1))).unwrap().is_none());
    go_on.send(()).unwrap();
    recording.join().unwrap().unwrap();
}

#[test]
fn an_operation_that_panics_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let store = OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap();
    assert!(store.wait(async { panic!("on purpose") }).is_err());
    assert!(store.load(&Key::account(person(1))).unwrap().is_none(), "it goes on");
}
