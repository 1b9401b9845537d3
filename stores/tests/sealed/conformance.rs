//! The kit, over a sealed store: async and blocking.

use std::sync::{Arc, Mutex};

use pinlatch::account::Event;
use pinlatch::host::{Blocking, BlockingStore, Expect, Key, Loaded, Store, Swap, Version};
use pinlatch::id::PersonId;
use pinlatch::time::Timestamp;
use pinlatch_stores::sealed::Sealed;
use pinlatch_testkit::conformance::{CHECKS, Fixture, RACES, Rival, at_once, run};
use pinlatch_testkit::{MemoryStore, Unavailable};

use crate::{one, sealed};

/// The store beneath, in which somebody else gets in between: sealed as well, by another handle.
#[derive(Clone)]
struct Database {
    memory: Arc<MemoryStore>,
    in_swap: Arc<Mutex<Option<Rival>>>,
    in_load: Arc<Mutex<Option<Rival>>>,
}

impl Database {
    fn let_write(&self, rival: &Mutex<Option<Rival>>) {
        let rival = rival.lock().unwrap().take();
        if let Some(rival) = rival {
            at_once(rival.writes_through(&Blocking(sealed(&self.memory, one()))));
        }
    }
}

impl BlockingStore for Database {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        self.let_write(&self.in_load);
        self.memory.load(key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        self.let_write(&self.in_swap);
        self.memory.compare_and_swap(key, expect, bytes, events)
    }

    fn takes_events(&self) -> bool {
        self.memory.takes_events()
    }
}

/// The hooks of the memory's own fixture, beneath the seal.
struct Databases<S> {
    seal: fn(Database) -> S,
    beneath: fn(&S) -> &Database,
}

impl<S: Store> Databases<S> {
    fn memory<'a>(&self, store: &'a S) -> &'a MemoryStore {
        &(self.beneath)(store).memory
    }
}

impl<S: Store> Fixture for Databases<S> {
    type Store = S;

    async fn fresh(&self) -> S {
        let memory = Arc::new(MemoryStore::taking_events());
        (self.seal)(Database { memory, in_swap: Arc::default(), in_load: Arc::default() })
    }

    async fn another(&self, store: &S) -> Option<S> {
        Some((self.seal)((self.beneath)(store).clone()))
    }

    async fn crash_and_reopen(&self, store: S) -> Option<S> {
        Some((self.seal)((self.beneath)(&store).clone()))
    }

    async fn delete(&self, store: &S, key: &Key) -> bool {
        self.memory(store).overwrite(key, None);
        true
    }

    async fn delete_if_unchanged(&self, store: &S, key: &Key, since: Version) -> Option<bool> {
        Some(self.memory(store).delete_if_unchanged(key, since))
    }

    fn lose_next_reply(&self, store: &S) -> bool {
        self.memory(store).lose_next_reply();
        true
    }

    fn lose_next_request(&self, store: &S) -> bool {
        self.memory(store).lose_next_request();
        true
    }

    fn interrupt_next_swap(&self, store: &S, rival: Rival) -> bool {
        *(self.beneath)(store).in_swap.lock().unwrap() = Some(rival);
        true
    }

    fn interrupt_next_load(&self, store: &S, rival: Rival) -> bool {
        *(self.beneath)(store).in_load.lock().unwrap() = Some(rival);
        true
    }

    fn stop_next_swap_half_way(&self, store: &S) -> bool {
        self.memory(store).lose_next_request();
        true
    }

    fn go_down(&self, store: &S) -> bool {
        self.memory(store).set_down(true);
        true
    }

    async fn events(&self, store: &S, person: PersonId) -> Option<Vec<Event>> {
        Some(self.memory(store).events().into_iter().filter(|event| event.person == person).collect())
    }

    /// Neither the seal nor the memory goes by a clock.
    async fn set_clock(&self, _: &S, _: Timestamp) -> bool {
        true
    }

    async fn set_next_version(&self, store: &S, number: u64) -> bool {
        self.memory(store).set_next_version(number);
        true
    }
}

fn passes_with_nothing_unproven<S: Store>(databases: &Databases<S>) {
    let report = run(databases, at_once);
    println!("{report}");
    assert!(report.nothing_failed(), "{report}");
    assert_eq!(report.unproven().collect::<Vec<_>>(), [""; 0]);
    assert_eq!(report.findings().len(), CHECKS.len() + RACES.len(), "a check did not run");
}

#[test]
fn the_kit_passes_with_nothing_unproven() {
    passes_with_nothing_unproven(&Databases {
        seal: |database| Sealed::new(Blocking(database), one()),
        beneath: |store| &store.inner().0,
    });
}

#[test]
fn the_kit_passes_on_the_blocking_twin_too() {
    passes_with_nothing_unproven(&Databases {
        seal: |database| Blocking(Sealed::new(database, one())),
        beneath: |store| store.0.inner(),
    });
}
