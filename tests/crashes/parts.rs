//! A host each of whose parts can fail, or stop for ever, at a chosen call.

use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingDirectory, BlockingJournal, BlockingStore, Directory, Expect, Host, Journal, Key,
    Loaded, Offload, OffloadError, Randomness, RandomnessError, Swap, Version,
};
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person};
use pinlatch::pin::{HashInput, HasherError, PinHasher};
use pinlatch_testkit::faults::{Fault, FaultyStore};
use pinlatch_testkit::{
    CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, QuickHasher, SeededRandomness, Unavailable,
    World,
};

use crate::credentials::peppers;

/// What is wrong in one run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    Nothing,
    /// With the store's operations, one by one.
    Store(Vec<Fault>),
    /// The request is dropped after so many polls; every part waits before and after its work.
    Dropped(usize),
    /// At so many-th call of the hasher.
    HasherFails(usize),
    HasherPanics(usize),
    /// At so many-th handing over, of events or of a refusal.
    JournalDown(usize),
    /// At that one and every later one.
    JournalDownFrom(usize),
    /// The host crashes before or after the journal took them.
    CrashBeforeJournal(usize),
    CrashAfterJournal(usize),
    /// At so many-th draw.
    RandomnessFails(usize),
    DirectoryDown,
    /// No fault but a lie, which is to be found: so many-th write is answered `Applied` and lost.
    WriteForgotten(usize),
}

/// How often each part was called.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    pub(crate) hasher: AtomicUsize,
    pub(crate) journal: AtomicUsize,
    pub(crate) randomness: AtomicUsize,
    writes: AtomicUsize,
}

/// Counts a call, from 1.
fn next(calls: &AtomicUsize) -> usize {
    calls.fetch_add(1, Ordering::Relaxed) + 1
}

/// The memory store; it keeps every record that was applied.
#[derive(Debug)]
pub(crate) struct Recording {
    inner: Part<Arc<MemoryStore>>,
    pub(crate) applied: Mutex<Vec<Vec<u8>>>,
}

impl BlockingStore for Recording {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        BlockingStore::load(&self.inner.inner, key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        if self.inner.wrong == Wrong::WriteForgotten(next(&self.inner.calls.writes)) {
            return Ok(Swap::Applied(Version::from_number(u64::MAX)));
        }
        let answer = BlockingStore::compare_and_swap(&self.inner.inner, key, expect, bytes.clone(), events)?;
        if matches!(answer, Swap::Applied(_)) {
            self.applied.lock().unwrap().push(bytes);
        }
        Ok(answer)
    }
}

/// Any other part: what is wrong, the calls so far, and whether to wait before and after the work.
#[derive(Clone, Debug)]
pub(crate) struct Part<T> {
    inner: T,
    wrong: Wrong,
    calls: Arc<Calls>,
}

impl<T> Part<T> {
    /// Not ready at the first look, where requests are dropped.
    async fn pause(&self) {
        let mut left = matches!(self.wrong, Wrong::Dropped(_));
        poll_fn(|_| if std::mem::take(&mut left) { Poll::Pending } else { Poll::Ready(()) }).await;
    }
}

impl Directory for Part<Arc<MemoryDirectory>> {
    type Error = Unavailable;

    async fn person(&self, id: PersonId) -> Result<Option<Person>, Unavailable> {
        self.pause().await;
        if self.wrong == Wrong::DirectoryDown { Err(Unavailable) } else { self.inner.person(id) }
    }

    fn dates(&self, person: &Person) -> LocalDates {
        self.inner.dates(person)
    }
}

impl Part<Arc<CollectingJournal>> {
    async fn take(&self, take: impl FnOnce() -> Result<(), Unavailable>) -> Result<(), Unavailable> {
        self.pause().await;
        let call = next(&self.calls.journal);
        match self.wrong {
            Wrong::JournalDown(at) if call == at => return Err(Unavailable),
            Wrong::JournalDownFrom(at) if call >= at => return Err(Unavailable),
            Wrong::CrashBeforeJournal(at) if call == at => return pending().await,
            _ => {}
        }
        take()?;
        if self.wrong == Wrong::CrashAfterJournal(call) {
            return pending().await;
        }
        self.pause().await;
        Ok(())
    }
}

impl Journal for Part<Arc<CollectingJournal>> {
    type Error = Unavailable;

    async fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        self.take(|| self.inner.record(events)).await
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        self.take(|| self.inner.refused(refusal)).await
    }
}

impl Offload for Part<()> {
    async fn run<T, W>(&self, work: W) -> Result<T, OffloadError>
    where
        T: Send + 'static,
        W: FnOnce() -> T + Send + 'static,
    {
        self.pause().await;
        let done = work();
        self.pause().await;
        Ok(done)
    }
}

impl PinHasher for Part<QuickHasher> {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let call = next(&self.calls.hasher);
        match self.wrong {
            Wrong::HasherFails(at) if call == at => Err(HasherError::Failed),
            // Without a report of the panic, of which there are thousands.
            Wrong::HasherPanics(at) if call == at => resume_unwind(Box::new("on purpose")),
            _ => self.inner.hash(input, out),
        }
    }
}

impl Randomness for Part<SeededRandomness> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let call = next(&self.calls.randomness);
        if self.wrong == Wrong::RandomnessFails(call) { Err(RandomnessError) } else { self.inner.fill(bytes) }
    }
}

/// The parts of a world, with something wrong.
pub(crate) struct CrashHost {
    pub(crate) store: FaultyStore<Blocking<Recording>>,
    clock: Arc<ManualClock>,
    directory: Part<Arc<MemoryDirectory>>,
    journal: Part<Arc<CollectingJournal>>,
    offload: Part<()>,
    randomness: Part<SeededRandomness>,
}

impl Host for CrashHost {
    type Store = FaultyStore<Blocking<Recording>>;
    type Clock = Arc<ManualClock>;
    type Directory = Part<Arc<MemoryDirectory>>;
    type Journal = Part<Arc<CollectingJournal>>;
    type Offload = Part<()>;
    type Randomness = Part<SeededRandomness>;

    fn store(&self) -> &FaultyStore<Blocking<Recording>> {
        &self.store
    }

    fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    fn directory(&self) -> &Part<Arc<MemoryDirectory>> {
        &self.directory
    }

    fn journal(&self) -> &Part<Arc<CollectingJournal>> {
        &self.journal
    }

    fn offload(&self) -> &Part<()> {
        &self.offload
    }

    fn randomness(&self) -> &Part<SeededRandomness> {
        &self.randomness
    }
}

fn part<T>(inner: T, wrong: &Wrong, calls: &Arc<Calls>) -> Part<T> {
    Part { inner, wrong: wrong.clone(), calls: Arc::clone(calls) }
}

/// A gate over the parts of a world with something wrong.
pub(crate) fn gate_with(world: &World, wrong: &Wrong, seed: u64) -> (Gate<CrashHost>, Arc<Calls>) {
    let calls = Arc::<Calls>::default();
    let faults = if let Wrong::Store(faults) = wrong { faults.clone() } else { vec![] };
    let recording =
        Recording { inner: part(Arc::clone(&world.store), wrong, &calls), applied: Mutex::default() };
    let store = FaultyStore::script(Blocking(recording), faults);
    let host = CrashHost {
        store: if matches!(wrong, Wrong::Dropped(_)) { store.pausing() } else { store },
        clock: Arc::clone(&world.clock),
        directory: part(Arc::clone(&world.directory), wrong, &calls),
        journal: part(Arc::clone(&world.journal), wrong, &calls),
        offload: part((), wrong, &calls),
        randomness: part(SeededRandomness::new(seed), wrong, &calls),
    };
    let gate =
        Gate::builder(host).peppers(peppers()).hasher(part(world.hasher.clone(), wrong, &calls)).build();
    (gate.unwrap(), calls)
}
