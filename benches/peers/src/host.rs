//! A host whose parts cost as little as they can, so that what is measured is the gate and its store.

use std::convert::Infallible;
use std::sync::Arc;

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingDirectory, BlockingJournal, Clock, FromRng, Host, HostParts, Inline, Randomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::{Employment, LocalDates, Person};
use pinlatch::time::Timestamp;
use pinlatch_testkit::ACME;

use crate::fixture::{CopyingHasher, Fixture, NOW, job};
use crate::sharded_store::ShardedStore;

/// A gate, and the store behind it.
pub struct Server<H: Host> {
    /// The gate.
    pub gate: Gate<H>,
    /// The store, which holds nothing at first.
    pub store: Arc<ShardedStore>,
}

/// A server with the cryptographic generator that `rand` keeps for each thread.
pub fn server() -> Server<impl Host> {
    server_with(FromRng(rand::rng))
}

/// A server with this random source.
pub fn server_with(randomness: impl Randomness) -> Server<impl Host> {
    let Fixture { policy, peppers, dates } = Fixture::new();
    let store = Arc::new(ShardedStore::new());
    let host = HostParts {
        store: Blocking(Arc::clone(&store)),
        clock: Still,
        directory: Blocking(OneJobEach { job: job(ACME), dates }),
        journal: Blocking(Sink),
        offload: Inline,
        randomness,
    };
    let builder = Gate::builder(host).peppers(peppers).policy(policy);
    let gate = builder.hasher(CopyingHasher).build().expect("everything chosen");
    Server { gate, store }
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
