//! The memory store with every hook that the conformance kit knows: an example to follow.

use std::future::ready;
use std::sync::Arc;

use super::conformance::{Fixture, Rival};
use super::store::MemoryStore;
use pinlatch::account::Event;
use pinlatch::host::{Blocking, Key, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

/// Makes [`MemoryStore`]s for the [conformance kit](super::conformance), and has every hook.
///
/// The memory outlives the crashes that it plays: what is behind the lock counts as durable. One
/// lock is held around comparing and writing, so whatever meets a swap or a load comes before it,
/// and a swap that stops half-way has not begun.
#[derive(Clone, Copy, Debug, Default)]
pub struct MemoryStoreFixture;

impl Fixture for MemoryStoreFixture {
    type Store = Blocking<Arc<MemoryStore>>;

    fn fresh(&self) -> impl Future<Output = Self::Store> + Send {
        ready(Blocking(Arc::new(MemoryStore::taking_events())))
    }

    fn another(&self, store: &Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        ready(Some(Blocking(Arc::clone(&store.0))))
    }

    fn crash_and_reopen(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        ready(Some(store))
    }

    fn delete(&self, store: &Self::Store, key: &Key) -> impl Future<Output = bool> + Send {
        store.0.overwrite(key, None);
        ready(true)
    }

    fn delete_if_unchanged(
        &self,
        store: &Self::Store,
        key: &Key,
        since: Version,
    ) -> impl Future<Output = Option<bool>> + Send {
        ready(Some(store.0.delete_if_unchanged(key, since)))
    }

    fn lose_next_reply(&self, store: &Self::Store) -> bool {
        store.0.lose_next_reply();
        true
    }

    fn lose_next_request(&self, store: &Self::Store) -> bool {
        store.0.lose_next_request();
        true
    }

    fn interrupt_next_swap(&self, store: &Self::Store, rival: Rival) -> bool {
        store.0.interrupt_next_swap(rival);
        true
    }

    fn interrupt_next_load(&self, store: &Self::Store, rival: Rival) -> bool {
        store.0.interrupt_next_load(rival);
        true
    }

    fn stop_next_swap_half_way(&self, store: &Self::Store) -> bool {
        store.0.lose_next_request();
        true
    }

    fn go_down(&self, store: &Self::Store) -> bool {
        store.0.set_down(true);
        true
    }

    fn events(
        &self,
        store: &Self::Store,
        person: PersonId,
    ) -> impl Future<Output = Option<Vec<Event>>> + Send {
        ready(Some(store.0.events().into_iter().filter(|event| event.person == person).collect()))
    }

    /// It goes by no clock.
    fn set_clock(&self, _: &Self::Store, _: Timestamp) -> impl Future<Output = bool> + Send {
        ready(true)
    }

    fn set_next_version(&self, store: &Self::Store, number: u64) -> impl Future<Output = bool> + Send {
        store.0.set_next_version(number);
        ready(true)
    }
}
