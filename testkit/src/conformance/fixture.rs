//! What the kit needs from the author of a store.

use std::future::ready;

use super::rival::Rival;
use pinlatch::account::Event;
use pinlatch::host::{Key, Store, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

/// Makes stores for the kit, and does to them what only their author can.
///
/// Only [`fresh`](Self::fresh) is required. A closure that makes a store is a fixture without
/// hooks; the checks that need one are then reported as unproven. A hook that says it did something
/// and did not is worse than none: it must act *below* the adapter, not in a wrapper around it. Where
/// the kit would not notice, the report says that the check passed on the author's word.
///
/// Where connecting may fail, or a hook has to wait, write an
/// [`AsyncFixture`](super::AsyncFixture) in its place.
pub trait Fixture: Sync {
    /// The store under test.
    type Store: Store;

    /// A store without any record, independent of the ones made before.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// Another handle on the same records: a second connection, another process's view. Not a
    /// clone that shares a cache with the first.
    fn another(&self, store: &Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        let _ = store;
        ready(None)
    }

    /// The same records after a crash: whatever was not durable is gone. Kill, do not close.
    fn crash_and_reopen(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        drop(store);
        ready(None)
    }

    /// Removes a record, as an operator would; whether it could be done.
    fn delete(&self, store: &Self::Store, key: &Key) -> impl Future<Output = bool> + Send {
        let _ = (store, key);
        ready(false)
    }

    /// Removes a record if it is still at this version, as a clean-up job would that read it a
    /// while ago. Whether it was removed; `None` if nothing ever removes records like this.
    fn delete_if_unchanged(
        &self,
        store: &Self::Store,
        key: &Key,
        since: Version,
    ) -> impl Future<Output = Option<bool>> + Send {
        let _ = (store, key, since);
        ready(None)
    }

    /// Makes the next write happen and its reply get lost; whether it could be done.
    fn lose_next_reply(&self, store: &Self::Store) -> bool {
        let _ = store;
        false
    }

    /// Makes the next write get lost on its way; whether it could be done.
    fn lose_next_request(&self, store: &Self::Store) -> bool {
        let _ = store;
        false
    }

    /// Lets `rival` write in the middle of the next swap, at the last moment at which another
    /// client still can: between the statement that compares and the one that writes if there are
    /// two, or just before the one atomic statement that does both. Whether it could be done.
    ///
    /// Where there is another handle, `rival` goes through that.
    fn interrupt_next_swap(&self, store: &Self::Store, rival: Rival) -> bool {
        let _ = (store, rival);
        false
    }

    /// Lets `rival` write in the middle of the next load: between reading the bytes and reading
    /// their version if these are two statements, or just before the one. Whether it could be done.
    fn interrupt_next_load(&self, store: &Self::Store, rival: Rival) -> bool {
        let _ = (store, rival);
        false
    }

    /// Makes the next swap stop half-way, as if the power failed: after the first of its writes if
    /// it makes several, before the commit if it is a transaction. The kit then crashes and reopens
    /// the store. Whether it could be done.
    fn stop_next_swap_half_way(&self, store: &Self::Store) -> bool {
        let _ = store;
        false
    }

    /// Cuts the store off from its engine, for good; whether it could be done.
    fn go_down(&self, store: &Self::Store) -> bool {
        let _ = store;
        false
    }

    /// The events of this person that the store took with its writes, in the order in which it took
    /// them; `None` if they cannot be read back. Not asked of a store that
    /// [takes none](Store::takes_events).
    fn events(
        &self,
        store: &Self::Store,
        person: PersonId,
    ) -> impl Future<Output = Option<Vec<Event>>> + Send {
        let _ = (store, person);
        ready(None)
    }

    /// Makes the clock that the store goes by stand at `now`, and lets whatever runs in the
    /// background (clean-up, expiry, compaction) run to its end. Whether it could be done; `true`
    /// too if neither the adapter nor its engine goes by any clock.
    fn set_clock(&self, store: &Self::Store, now: Timestamp) -> impl Future<Output = bool> + Send {
        let _ = (store, now);
        ready(false)
    }

    /// Makes the next version this number, or the first one after it that the engine would give:
    /// as if that many writes had happened. Never asked to go back. Whether it could be done.
    fn set_next_version(&self, store: &Self::Store, number: u64) -> impl Future<Output = bool> + Send {
        let _ = (store, number);
        ready(false)
    }
}

impl<S: Store, F: Fn() -> S + Sync> Fixture for F {
    type Store = S;

    fn fresh(&self) -> impl Future<Output = S> + Send {
        ready(self())
    }
}
