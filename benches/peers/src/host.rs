//! A host whose parts cost as little as they can, so that what is measured is the gate and its store.

use std::convert::Infallible;
use std::sync::Arc;

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::gate::{Gate, Host as Parts};
use pinlatch::host::{Blocking, BlockingDirectory, BlockingJournal, Clock, Inline, Randomness};
use pinlatch::id::PersonId;
use pinlatch::people::{Employment, LocalDates, Person};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, MemoryStore};
use rand::rngs::ThreadRng;

use crate::fixture::{CopyingHasher, Fixture, NOW, job};

/// The gate over such parts.
pub type CheapGate<R> =
    Gate<Blocking<Arc<MemoryStore>>, Still, Blocking<OneJobEach>, Blocking<Sink>, Inline, R>;

/// A gate, and the store behind it.
pub struct Host<R = fn() -> ThreadRng> {
    /// The gate.
    pub gate: CheapGate<R>,
    /// The testkit's store.
    pub store: Arc<MemoryStore>,
}

impl Host<fn() -> ThreadRng> {
    /// An empty host, with the cryptographic generator that `rand` keeps for each thread.
    pub fn new() -> Self {
        Self::with(rand::rng)
    }
}

impl<R: Randomness> Host<R> {
    /// An empty host with this random source.
    pub fn with(randomness: R) -> Self {
        let Fixture { policy, peppers, dates } = Fixture::new();
        let store = Arc::new(MemoryStore::new());
        let parts = Parts {
            store: Blocking(Arc::clone(&store)),
            clock: Still,
            directory: Blocking(OneJobEach { job: job(ACME), dates }),
            journal: Blocking(Sink),
        };
        let builder = Gate::builder(parts, randomness).peppers(peppers).policy(policy);
        let gate = builder.hasher(CopyingHasher).build().expect("everything chosen");
        Self { gate, store }
    }
}

/// Always the same time: reading the system's clock is the host's cost.
#[derive(Clone, Copy, Debug)]
pub struct Still;

impl Clock for Still {
    fn now(&self) -> Option<Timestamp> {
        Some(NOW)
    }
}

/// Makes the person from the id: an employee with both services.
#[derive(Debug)]
pub struct OneJobEach {
    job: Employment,
    dates: LocalDates,
}

impl BlockingDirectory for OneJobEach {
    type Error = Infallible;

    fn person(&self, id: PersonId) -> Result<Option<Person>, Infallible> {
        Ok(Some(Person::new(id).with_employment(self.job)))
    }

    fn dates(&self, _: &Person) -> LocalDates {
        self.dates.clone()
    }
}

/// Takes every event and keeps none.
#[derive(Clone, Copy, Debug)]
pub struct Sink;

impl BlockingJournal for Sink {
    type Error = Infallible;

    fn record(&self, _: &[Event]) -> Result<(), Infallible> {
        Ok(())
    }

    fn refused(&self, _: &RefusalEvent) -> Result<(), Infallible> {
        Ok(())
    }
}
