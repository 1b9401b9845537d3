//! The engine chosen by an address, in hosts with async and without.

mod shared;

use std::error::Error;
use std::sync::Arc;

use pinlatch::account::BeginFor;
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, BlockingStore, Expect, HostParts, Inline, Key, Store, StoredDirectory, Swap};
use pinlatch::host::{SystemClock, SystemRandomness};
use pinlatch::people::LocalDates;
use pinlatch::pin::PepperRing;
use pinlatch_stores::any::{AnyError, AnyStore, EngineName};
use pinlatch_stores::on_runtime::OnRuntime;
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
        (cfg!(feature = "nats"), EngineName::Nats, "PINLATCH_NATS_URL"),
        (cfg!(feature = "etcd"), EngineName::Etcd, "PINLATCH_ETCD_URL"),
    ];
    let servers = servers.into_iter().filter(|(is_on, ..)| *is_on);
    let servers = servers.filter_map(|(_, engine, variable)| Some((engine, shared::url(variable)?)));
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

#[test]
fn a_future_of_the_runtime_that_would_wait_for_itself_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let store = Arc::new(OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap());
    let within = Arc::clone(&store);
    let key = Key::account(person(1));
    let answers = store.wait(async move {
        (within.load(&key).is_err(), within.compare_and_swap(&key, Expect::Absent, vec![1], &[]).unwrap())
    });
    // Nothing was sent, and so a swap is in doubt at most.
    assert_eq!(answers.unwrap(), (true, Swap::Unknown));
    assert!(store.load(&key).unwrap().is_none());
}

#[test]
fn an_operation_that_panics_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let address = file(&directory);
    let store = OnRuntime::open(async move { AnyStore::open(&address).await }).unwrap();
    assert!(store.wait(async { panic!("on purpose") }).is_err());
    assert!(store.load(&Key::account(person(1))).unwrap().is_none(), "it goes on");
}
