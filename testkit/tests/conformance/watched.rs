//! A fixture with every hook that can lack one or fail at one, and sees how far a handle was used
//! before a hook came.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use parking_lot::Mutex;
use pinlatch::account::Event;
use pinlatch::host::{Blocking, Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_testkit::conformance::{AsyncFixture, Fixture, Rival};
use pinlatch_testkit::{MemoryStore, MemoryStoreFixture, Unavailable};

/// Says what failed, and below it why.
#[derive(Debug)]
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cannot connect")
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&Unavailable)
    }
}

/// What each handle did before a hook was armed on it: hook, loads, applied writes.
pub(crate) type Armed = (&'static str, u32, u32);

#[derive(Default)]
pub(crate) struct Watched {
    pub(crate) lacks: Option<&'static str>,
    pub(crate) fails_at: Option<&'static str>,
    pub(crate) armed: Mutex<Vec<Armed>>,
}

impl Watched {
    /// Whether the hook is there; it waits for another task, as a driver does.
    async fn has(&self, hook: &'static str) -> Result<bool, Broken> {
        tokio::spawn(async {}).await.map_err(|_| Broken)?;
        if self.fails_at == Some(hook) { Err(Broken) } else { Ok(self.lacks != Some(hook)) }
    }

    async fn arms(&self, hook: &'static str, store: &Counted) -> Result<bool, Broken> {
        let used = |count: &AtomicU32| count.load(Ordering::Relaxed);
        self.armed.lock().push((hook, used(&store.loads), used(&store.writes)));
        self.has(hook).await
    }
}

/// Counts its loads and its applied writes.
pub(crate) struct Counted {
    inner: Blocking<Arc<MemoryStore>>,
    loads: AtomicU32,
    writes: AtomicU32,
}

impl From<Blocking<Arc<MemoryStore>>> for Counted {
    fn from(inner: Blocking<Arc<MemoryStore>>) -> Self {
        Self { inner, loads: AtomicU32::new(0), writes: AtomicU32::new(0) }
    }
}

impl Store for Counted {
    type Error = Unavailable;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.inner.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        let answer = self.inner.compare_and_swap(key, expect, bytes, events).await;
        self.writes.fetch_add(matches!(answer, Ok(Swap::Applied(_))).into(), Ordering::Relaxed);
        answer
    }

    fn takes_events(&self) -> bool {
        true
    }
}

impl AsyncFixture for Watched {
    type Store = Counted;
    type Error = Broken;

    async fn fresh(&self) -> Result<Counted, Broken> {
        self.has("fresh").await?;
        Ok(Fixture::fresh(&MemoryStoreFixture).await.into())
    }

    async fn another(&self, store: &Counted) -> Result<Option<Counted>, Broken> {
        if !self.has("another").await? {
            return Ok(None);
        }
        Ok(Fixture::another(&MemoryStoreFixture, &store.inner).await.map(Into::into))
    }

    async fn crash_and_reopen(&self, store: Counted) -> Result<Option<Counted>, Broken> {
        Ok(self.has("crash_and_reopen").await?.then_some(store))
    }

    async fn delete(&self, store: &Counted, key: &Key) -> Result<bool, Broken> {
        let has = self.has("delete").await?;
        Ok(has && Fixture::delete(&MemoryStoreFixture, &store.inner, key).await)
    }

    async fn delete_if_unchanged(
        &self,
        store: &Counted,
        key: &Key,
        since: Version,
    ) -> Result<Option<bool>, Broken> {
        let has = self.has("delete_if_unchanged").await?;
        Ok(has.then(|| store.inner.0.delete_if_unchanged(key, since)))
    }

    async fn lose_next_reply(&self, store: &Counted) -> Result<bool, Broken> {
        let has = self.arms("lose_next_reply", store).await?;
        Ok(has && Fixture::lose_next_reply(&MemoryStoreFixture, &store.inner))
    }

    async fn lose_next_request(&self, store: &Counted) -> Result<bool, Broken> {
        let has = self.arms("lose_next_request", store).await?;
        Ok(has && Fixture::lose_next_request(&MemoryStoreFixture, &store.inner))
    }

    async fn interrupt_next_swap(&self, store: &Counted, rival: Rival) -> Result<bool, Broken> {
        let has = self.arms("interrupt_next_swap", store).await?;
        Ok(has && Fixture::interrupt_next_swap(&MemoryStoreFixture, &store.inner, rival))
    }

    async fn interrupt_next_load(&self, store: &Counted, rival: Rival) -> Result<bool, Broken> {
        let has = self.arms("interrupt_next_load", store).await?;
        Ok(has && Fixture::interrupt_next_load(&MemoryStoreFixture, &store.inner, rival))
    }

    async fn stop_next_swap_half_way(&self, store: &Counted) -> Result<bool, Broken> {
        let has = self.arms("stop_next_swap_half_way", store).await?;
        Ok(has && Fixture::stop_next_swap_half_way(&MemoryStoreFixture, &store.inner))
    }

    async fn go_down(&self, store: &Counted) -> Result<bool, Broken> {
        let has = self.arms("go_down", store).await?;
        Ok(has && Fixture::go_down(&MemoryStoreFixture, &store.inner))
    }

    async fn events(&self, store: &Counted, person: PersonId) -> Result<Option<Vec<Event>>, Broken> {
        if !self.has("events").await? {
            return Ok(None);
        }
        Ok(Fixture::events(&MemoryStoreFixture, &store.inner, person).await)
    }

    async fn set_clock(&self, _: &Counted, _: Timestamp) -> Result<bool, Broken> {
        self.has("set_clock").await
    }

    async fn set_next_version(&self, store: &Counted, number: u64) -> Result<bool, Broken> {
        let has = self.has("set_next_version").await?;
        Ok(has && Fixture::set_next_version(&MemoryStoreFixture, &store.inner, number).await)
    }
}
