//! Broken stores for the kit, with every hook.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use parking_lot::Mutex;

use super::bug::Bug;
use super::engine::{Engine, Fault};
use super::store::BrokenStore;
use crate::conformance::{Fixture, Rival};
use pinlatch::account::Event;
use pinlatch::host::{Blocking, Key, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;

/// Makes stores with one bug, or with none. Its hooks are sound.
pub struct Shelf {
    bug: Option<Bug>,
    gap_spins: u32,
    /// For the bug that all stores share their records.
    everybodys: Arc<Mutex<Engine>>,
}

impl Shelf {
    /// Stores with this bug.
    #[must_use]
    pub fn with(bug: Bug) -> Self {
        Self::of(Some(bug))
    }

    /// Stores without any: whatever a check finds in the others is their bug's doing.
    #[must_use]
    pub fn sound() -> Self {
        Self::of(None)
    }

    /// The same, but for races: where there is a gap between comparing and writing, it stays open
    /// until another call is in it, or for some tenths of a second.
    #[must_use]
    pub fn with_a_wide_gap(self) -> Self {
        Self { gap_spins: 1_000_000, ..self }
    }

    fn of(bug: Option<Bug>) -> Self {
        Self { bug, gap_spins: 0, everybodys: Arc::new(Mutex::new(Engine::new(bug))) }
    }
}

impl Fixture for Shelf {
    type Store = Blocking<BrokenStore>;

    fn fresh(&self) -> impl Future<Output = Self::Store> + Send {
        let engine = match self.bug {
            Some(Bug::NamespaceIgnored) => {
                self.everybodys.lock().down = false;
                Arc::clone(&self.everybodys)
            }
            bug => Arc::new(Mutex::new(Engine::new(bug))),
        };
        engine.lock().gap_spins = self.gap_spins;
        ready(Blocking(BrokenStore::on(self.bug, engine, false)))
    }

    fn another(&self, store: &Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        ready(Some(Blocking(store.0.another())))
    }

    fn crash_and_reopen(&self, store: Self::Store) -> impl Future<Output = Option<Self::Store>> + Send {
        let engine = Arc::clone(&store.0.engine);
        engine.lock().crash();
        ready(Some(Blocking(BrokenStore::on(self.bug, engine, false))))
    }

    fn delete(&self, store: &Self::Store, key: &Key) -> impl Future<Output = bool> + Send {
        ready(store.0.delete(key))
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
        store.0.engine.lock().fault = Some(Fault::ReplyLost);
        true
    }

    fn lose_next_request(&self, store: &Self::Store) -> bool {
        store.0.engine.lock().fault = Some(Fault::RequestLost);
        true
    }

    fn interrupt_next_swap(&self, store: &Self::Store, rival: Rival) -> bool {
        *store.0.rival_in_swap.lock() = Some(rival);
        true
    }

    fn interrupt_next_load(&self, store: &Self::Store, rival: Rival) -> bool {
        *store.0.rival_in_load.lock() = Some(rival);
        true
    }

    fn stop_next_swap_half_way(&self, store: &Self::Store) -> bool {
        store.0.engine.lock().fault = Some(Fault::StopsHalfWay);
        true
    }

    fn go_down(&self, store: &Self::Store) -> bool {
        store.0.engine.lock().down = true;
        true
    }

    fn events(
        &self,
        store: &Self::Store,
        person: PersonId,
    ) -> impl Future<Output = Option<Vec<Event>>> + Send {
        let events = store.0.engine.lock().events().to_vec();
        ready(Some(events.into_iter().filter(|event| event.person == person).collect()))
    }

    fn set_clock(&self, store: &Self::Store, now: Timestamp) -> impl Future<Output = bool> + Send {
        store.0.engine.lock().set_clock(now);
        ready(true)
    }

    fn set_next_version(&self, store: &Self::Store, number: u64) -> impl Future<Output = bool> + Send {
        let mut engine = store.0.engine.lock();
        engine.set_next_version(number);
        ready(engine.counts())
    }
}

impl fmt::Debug for Shelf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Shelf({:?})", self.bug)
    }
}
