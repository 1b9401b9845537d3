//! A host whose store loses replies, and whose every part makes the gate wait once before and once
//! after its work, so that a request can be dropped anywhere.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use pinlatch::account::{Account, Event, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    BlockingDirectory, BlockingJournal, BlockingStore, Directory, Expect, Host, Journal, Key, Loaded,
    Offload, OffloadError, Store, Swap,
};
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{HashInput, HasherError, PinHasher};
use pinlatch_testkit::faults::poll_times;
use pinlatch_testkit::{
    CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, QuickHasher, SeededRandomness, Unavailable,
    World,
};

use super::fresh_write;
use crate::given::peppers;

/// What happens to one swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    Honest,
    /// Applied, and the reply was lost.
    AppliedUnknown,
    /// Not applied, and the reply was lost.
    LostUnknown,
    /// Applied, and the client tried again by itself.
    AppliedConflict,
    /// Applied, the reply was lost, and more writes followed than a record remembers.
    Buried,
}

/// The memory store with scripted faults; it keeps every record that was applied.
#[derive(Debug)]
pub(crate) struct ShakyStore {
    inner: Arc<MemoryStore>,
    pauses: bool,
    faults: Mutex<VecDeque<Fault>>,
    pub(crate) applied: Mutex<Vec<Vec<u8>>>,
}

/// Not ready at the first look, if `wanted`.
async fn pause(wanted: bool) {
    let mut left = wanted;
    poll_fn(|_| if std::mem::take(&mut left) { Poll::Pending } else { Poll::Ready(()) }).await;
}

impl Store for ShakyStore {
    type Error = Unavailable;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        pause(self.pauses).await;
        let loaded = self.inner.load(key);
        pause(self.pauses).await;
        loaded
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        pause(self.pauses).await;
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::Honest);
        let swap = match fault {
            Fault::LostUnknown => Swap::Unknown,
            _ => self.inner.compare_and_swap(key, expect, bytes.clone(), events)?,
        };
        if matches!(swap, Swap::Applied(_)) {
            self.applied.lock().unwrap().push(bytes);
        }
        if fault == Fault::Buried {
            bury(&self.inner, key);
        }
        pause(self.pauses).await;
        Ok(match (fault, swap) {
            (Fault::AppliedUnknown | Fault::Buried, Swap::Applied(_)) => Swap::Unknown,
            (Fault::AppliedConflict, Swap::Applied(_)) => Swap::Conflict,
            (_, honest) => honest,
        })
    }
}

/// Nine writes that change nothing but the ids of the latest writes.
fn bury(store: &MemoryStore, key: &Key) {
    let person = u128::from_str_radix(&key.as_str()[2..], 16).unwrap();
    for _ in 0..9 {
        let loaded = store.load(key).unwrap().unwrap();
        let mut account = Account::decode(&loaded.bytes, PersonId::from_u128(person)).unwrap();
        account.stamp(fresh_write()).expect("a new id");
        let written = store.compare_and_swap(key, Expect::At(loaded.version), account.encode().unwrap(), &[]);
        assert!(matches!(written, Ok(Swap::Applied(_))));
    }
}

/// Any other part of the host, with pauses.
#[derive(Debug)]
pub(crate) struct Pausing<T>(T, bool);

impl Directory for Pausing<Arc<MemoryDirectory>> {
    type Error = Unavailable;

    async fn person(&self, id: PersonId) -> Result<Option<Person>, Unavailable> {
        pause(self.1).await;
        self.0.person(id)
    }

    fn dates(&self, person: &Person) -> LocalDates {
        self.0.dates(person)
    }
}

impl Journal for Pausing<Arc<CollectingJournal>> {
    type Error = Unavailable;

    async fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        pause(self.1).await;
        self.0.record(events)?;
        pause(self.1).await;
        Ok(())
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        pause(self.1).await;
        self.0.refused(refusal)
    }
}

impl Offload for Pausing<()> {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        pause(self.1).await;
        let done = work();
        pause(self.1).await;
        Ok(done)
    }
}

/// A hasher that looks around before it hashes.
#[derive(Clone)]
pub(crate) struct Watched {
    quick: QuickHasher,
    look: Arc<dyn Fn() + Send + Sync>,
}

impl Watched {
    pub(crate) fn new(quick: &QuickHasher, look: impl Fn() + Send + Sync + 'static) -> Self {
        Self { quick: quick.clone(), look: Arc::new(look) }
    }
}

impl PinHasher for Watched {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        (self.look)();
        self.quick.hash(input, out)
    }
}

/// The parts of a world, shaky.
pub(crate) struct ShakyHost {
    pub(crate) store: ShakyStore,
    clock: Arc<ManualClock>,
    directory: Pausing<Arc<MemoryDirectory>>,
    journal: Pausing<Arc<CollectingJournal>>,
    offload: Pausing<()>,
    randomness: SeededRandomness,
}

impl Host for ShakyHost {
    type Store = ShakyStore;
    type Clock = Arc<ManualClock>;
    type Directory = Pausing<Arc<MemoryDirectory>>;
    type Journal = Pausing<Arc<CollectingJournal>>;
    type Offload = Pausing<()>;
    type Randomness = SeededRandomness;

    fn store(&self) -> &ShakyStore {
        &self.store
    }

    fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    fn directory(&self) -> &Pausing<Arc<MemoryDirectory>> {
        &self.directory
    }

    fn journal(&self) -> &Pausing<Arc<CollectingJournal>> {
        &self.journal
    }

    fn offload(&self) -> &Pausing<()> {
        &self.offload
    }

    fn randomness(&self) -> &SeededRandomness {
        &self.randomness
    }
}

/// A shaky gate over the parts of a world.
pub(crate) fn shaky(world: &World, faults: &[Fault], pauses: bool, hasher: Watched) -> Gate<ShakyHost> {
    shaky_drawing(world, faults, pauses, hasher, 99)
}

/// The same, with randomness of this seed: two gates over one world that draw the same are refused (E39).
pub(crate) fn shaky_drawing(
    world: &World,
    faults: &[Fault],
    pauses: bool,
    hasher: Watched,
    seed: u64,
) -> Gate<ShakyHost> {
    let store = ShakyStore {
        inner: Arc::clone(&world.store),
        pauses,
        faults: Mutex::new(faults.iter().copied().collect()),
        applied: Mutex::default(),
    };
    let host = ShakyHost {
        store,
        clock: Arc::clone(&world.clock),
        directory: Pausing(Arc::clone(&world.directory), pauses),
        journal: Pausing(Arc::clone(&world.journal), pauses),
        offload: Pausing((), pauses),
        randomness: SeededRandomness::new(seed),
    };
    Gate::builder(host).peppers(peppers()).hasher(hasher).build().unwrap()
}

/// Runs a future to its end.
pub(crate) fn finished<T>(future: impl Future<Output = T>) -> T {
    poll_times(future, 100_000).expect("it ends")
}
