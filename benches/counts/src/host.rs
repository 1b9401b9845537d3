//! Parts of a host that count what is asked of them.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use pinlatch::account::Event;
use pinlatch::host::{BlockingDirectory, BlockingStore, Expect, Key, Loaded, Swap};
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person};

use crate::sharded_store::ShardedStore;

/// What was asked of a host since it was looked at last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Loads of an account.
    pub loads: u64,
    /// Swaps of an account, applied or not.
    pub swaps: u64,
    /// Reads of a person.
    pub people: u64,
}

/// Counts for a store and a directory. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Counter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    loads: AtomicU64,
    swaps: AtomicU64,
    people: AtomicU64,
    /// Events that came with a swap.
    events: AtomicU64,
    /// Bytes of all records, keys and versions not included.
    stored: AtomicI64,
}

impl Counter {
    /// What was asked since the last call of this.
    #[must_use]
    pub fn take(&self) -> Asked {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        Asked { loads: take(&self.0.loads), swaps: take(&self.0.swaps), people: take(&self.0.people) }
    }

    /// How many events came with swaps, since this was asked last.
    #[must_use]
    pub fn take_events(&self) -> u64 {
        self.0.events.swap(0, Ordering::Relaxed)
    }

    /// How many bytes the records have, all together.
    #[must_use]
    pub fn stored_bytes(&self) -> i64 {
        self.0.stored.load(Ordering::Relaxed)
    }
}

/// The store for many accounts, counted.
#[derive(Debug)]
pub struct CountedStore {
    store: ShardedStore,
    counter: Counter,
    takes_events: bool,
}

impl CountedStore {
    /// An empty one.
    #[must_use]
    pub fn new(counter: Counter) -> Self {
        Self { store: ShardedStore::new(), counter, takes_events: false }
    }

    /// One that takes the events of a write along, as an SQL engine does; here they are dropped.
    #[must_use]
    pub const fn taking_events(mut self) -> Self {
        self.takes_events = true;
        self
    }
}

impl BlockingStore for CountedStore {
    type Error = Infallible;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Infallible> {
        self.counter.0.loads.fetch_add(1, Ordering::Relaxed);
        self.store.load(key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Infallible> {
        self.counter.0.swaps.fetch_add(1, Ordering::Relaxed);
        let size = |bytes: usize| i64::try_from(bytes).unwrap_or(i64::MAX);
        let before = self.store.load(key)?.map_or(0, |found| size(found.bytes.len()));
        let after = size(bytes.len());
        let swap = self.store.compare_and_swap(key, expect, bytes, &[])?;
        if let Swap::Applied(_) = swap {
            self.counter.0.stored.fetch_add(after - before, Ordering::Relaxed);
            self.counter
                .0
                .events
                .fetch_add(u64::try_from(events.len()).unwrap_or(u64::MAX), Ordering::Relaxed);
        }
        Ok(swap)
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }
}

/// A directory, counted.
#[derive(Debug)]
pub struct CountedDirectory<D> {
    /// The directory.
    pub directory: D,
    /// Where it is counted.
    pub counter: Counter,
}

impl<D: BlockingDirectory> BlockingDirectory for CountedDirectory<D> {
    type Error = D::Error;

    fn person(&self, id: PersonId) -> Result<Option<Person>, D::Error> {
        self.counter.0.people.fetch_add(1, Ordering::Relaxed);
        self.directory.person(id)
    }

    fn dates(&self, person: &Person) -> LocalDates {
        self.directory.dates(person)
    }
}
