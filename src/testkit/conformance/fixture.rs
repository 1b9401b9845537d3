//! What the kit needs from the author of a store.

use core::future::ready;

use crate::host::{Key, Store};

/// Makes stores for the kit, and does to them what only their author can.
///
/// Only [`fresh`](Self::fresh) is required. A closure that makes a store is a fixture without
/// hooks; the checks that need one are then reported as unproven.
pub trait Fixture: Sync {
    /// The store under test.
    type Store: Store;

    /// A store without any record, independent of the ones made before.
    fn fresh(&self) -> impl Future<Output = Self::Store> + Send;

    /// Another handle on the same records: a second connection, another process's view.
    fn another(&self, store: &Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        let _same = store;
        ready(None)
    }

    /// The same records after a crash: whatever was not durable is gone. Kill, do not close.
    fn crash_and_reopen(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        drop(store);
        ready(None)
    }

    /// Removes a record, as an operator or a clean-up job would; whether it could be done.
    fn delete(&self, store: &Self::Store, key: &Key) -> impl Future<Output = bool> + Send {
        let _kept = (store, key);
        ready(false)
    }

    /// Makes the next write happen and its reply get lost; whether it could be done.
    fn lose_next_reply(&self, store: &Self::Store) -> bool {
        let _kept = store;
        false
    }

    /// Makes the next write get lost on its way; whether it could be done.
    fn lose_next_request(&self, store: &Self::Store) -> bool {
        let _kept = store;
        false
    }
}

impl<S: Store, F: Fn() -> S + Sync> Fixture for F {
    type Store = S;

    fn fresh(&self) -> impl Future<Output = S> + Send {
        ready(self())
    }
}
