//! Stores that really wait.

use pinlatch::account::Event;
use std::future::{pending, poll_fn};
use std::mem::replace;
use std::sync::{Arc, LazyLock};
use std::task::Poll;

use pinlatch::host::{BlockingStore, Expect, Key, Loaded, Store, Swap};
use pinlatch_testkit::conformance::{CHECKS, Outcome, RACES, at_once, run};
use pinlatch_testkit::{MemoryStore, Unavailable};
use tokio::runtime::{Builder, Runtime};

pub(crate) static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_multi_thread().worker_threads(2).build().unwrap());

/// Goes to another task for every answer, as a driver with a connection task does.
struct Elsewhere(Arc<MemoryStore>);

impl Store for Elsewhere {
    type Error = Unavailable;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        let (store, key) = (Arc::clone(&self.0), *key);
        tokio::spawn(async move { store.load(&key) }).await.map_err(|_| Unavailable)?
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, Unavailable> {
        let (store, key) = (Arc::clone(&self.0), *key);
        let swap = tokio::spawn(async move {
            tokio::task::yield_now().await;
            store.compare_and_swap(&key, expect, bytes, &[])
        });
        // Nobody knows what became of it.
        swap.await.unwrap_or(Ok(Swap::Unknown))
    }
}

pinlatch_testkit::store_conformance!(an_async_store, || Elsewhere(Arc::default()), |task| RUNTIME
    .block_on(task));

/// Answers nothing, ever.
struct Silent;

impl Store for Silent {
    type Error = Unavailable;

    async fn load(&self, _: &Key) -> Result<Option<Loaded>, Unavailable> {
        pending().await
    }

    async fn compare_and_swap(
        &self,
        _: &Key,
        _: Expect,
        _: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, Unavailable> {
        pending().await
    }
}

#[test]
fn a_store_whose_futures_are_never_ready_has_failed() {
    let report = run(&|| Silent, at_once);
    assert!(!report.nothing_failed());
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len());
    let passed: Vec<_> = report.passed().collect();
    assert!(passed.is_empty(), "{passed:?}");
    let (_, first) = &report.findings()[0];
    let Outcome::Failed { happened } = first else { panic!("{first:?}") };
    assert_eq!(
        happened,
        "the executor did not run a future to its end: an async store needs one, the \
         third argument of `store_conformance!`"
    );
}

/// Is ready the second time it is asked.
struct NotAtOnce(MemoryStore);

async fn once_more() {
    let mut asked = false;
    poll_fn(|context| {
        context.waker().wake_by_ref();
        if replace(&mut asked, true) { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

impl Store for NotAtOnce {
    type Error = Unavailable;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        once_more().await;
        self.0.load(key)
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        once_more().await;
        self.0.compare_and_swap(key, expect, bytes, events)
    }
}

#[test]
fn an_async_store_without_its_executor_has_failed() {
    let fixture = || NotAtOnce(MemoryStore::new());
    let report = run(&fixture, at_once);
    assert_eq!(report.passed().count(), 0, "{report}");
    let report = run(&fixture, |task| RUNTIME.block_on(task));
    assert!(report.nothing_failed(), "{report}");
}
