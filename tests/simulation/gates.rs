//! The gate instances of a town, and what is between each of them and the one store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use pinlatch::account::{Event, Policy, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingJournal, BlockingStore, Expect, Host, Inline, Journal, Key, Loaded, Randomness,
    RandomnessError, Store, Swap, Version,
};
use pinlatch::pin::{HashInput, HasherError, Pepper, PepperId, PepperRing, PinHasher};
use pinlatch::record::StoredVersion;
use pinlatch_testkit::faults::{FaultyStore, FaultyStoreError, Rates};
use pinlatch_testkit::{
    CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, QuickHasher, SeededRandomness, Unavailable,
};

use crate::log::{Happening, SharedLog};
use crate::random::Random;

/// What is broken on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    None,
    /// The store goes back to an older record.
    RollsBack,
    /// The store does not compare versions.
    NoVersionCheck,
    /// The client of the store takes a lost reply for a write that was applied.
    UnknownReadAsApplied,
    /// The same, and nobody compares the answers: only what is stored, and what is compared.
    UnknownReadAsAppliedUnseen,
    /// The store answers `Applied` for writes that it loses.
    ForgetsWrites,
    /// The journal does not keep what it took.
    JournalForgets,
}

impl Bug {
    pub(crate) const ALL: [Self; 6] = [
        Self::RollsBack,
        Self::NoVersionCheck,
        Self::UnknownReadAsApplied,
        Self::UnknownReadAsAppliedUnseen,
        Self::ForgetsWrites,
        Self::JournalForgets,
    ];
}

/// One time in so many writes, a bug shows.
const BUG_ONCE_IN: u64 = 40;

/// The store of all gates; it logs what reaches it.
#[derive(Debug)]
pub(crate) struct Truth {
    pub(crate) inner: MemoryStore,
    log: SharedLog,
    bug: Bug,
    writes: Mutex<u64>,
}

impl Truth {
    pub(crate) fn new(log: &SharedLog, bug: Bug) -> Self {
        Self { inner: MemoryStore::new(), log: Arc::clone(log), bug, writes: Mutex::new(0) }
    }

    fn bug_shows(&self) -> bool {
        let mut writes = self.writes.lock().unwrap();
        *writes += 1;
        writes.is_multiple_of(BUG_ONCE_IN)
    }
}

impl BlockingStore for Truth {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        let mut log = self.log.lock().unwrap();
        let job = log.current;
        *log.reads.entry(job).or_default() += 1;
        log.happened.push(Happening::Read(job));
        BlockingStore::load(&self.inner, key)
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        let shows = self.bug_shows();
        let found = BlockingStore::load(&self.inner, key)?;
        if shows && self.bug == Bug::ForgetsWrites {
            return Ok(Swap::Applied(Version::from_number(u64::MAX)));
        }
        let expect = match &found {
            Some(found) if self.bug == Bug::NoVersionCheck => Expect::At(found.version),
            _ => expect,
        };
        let answer = BlockingStore::compare_and_swap(&self.inner, key, expect, bytes.clone(), events)?;
        if matches!(answer, Swap::Applied(_)) {
            self.log.lock().unwrap().happened.push(Happening::Applied(*key, bytes));
            if shows && self.bug == Bug::RollsBack {
                self.inner.overwrite(key, found.map(|found| found.bytes));
            }
        }
        Ok(answer)
    }
}

/// The faulty store of one gate; it logs what the gate asks for.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) faulty: FaultyStore<Blocking<Arc<Truth>>>,
    log: SharedLog,
    bug: Bug,
    faults: Arc<Faults>,
}

/// What is out of order at one gate, for a while or for good.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    /// The random source gives its last draw again.
    pub(crate) repeats: AtomicBool,
    /// The store applies nothing, and does not say so: one row that somebody else holds.
    pub(crate) applies_nothing: AtomicBool,
    /// Every third settlement does not reach the store.
    pub(crate) loses_settlements: bool,
    settlements: AtomicU64,
    pub(crate) settlements_lost: AtomicU64,
}

impl Faults {
    fn loses(&self, is_settlement: bool) -> bool {
        let is_third = is_settlement && self.settlements.fetch_add(1, Ordering::Relaxed).is_multiple_of(3);
        let loses = is_third && self.loses_settlements;
        self.settlements_lost.fetch_add(u64::from(loses), Ordering::Relaxed);
        loses
    }
}

/// A random source that repeats itself for a while: what it gave last for the same person.
#[derive(Debug)]
pub(crate) struct TownRandomness {
    inner: SeededRandomness,
    last: Mutex<HashMap<usize, [u8; 32]>>,
    log: SharedLog,
    faults: Arc<Faults>,
}

impl Randomness for TownRandomness {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let person = self.log.lock().unwrap().person;
        let mut last = self.last.lock().unwrap();
        if !self.faults.repeats.load(Ordering::Relaxed) || !last.contains_key(&person) {
            let mut drawn = [0; 32];
            self.inner.fill(&mut drawn)?;
            last.insert(person, drawn);
        }
        let drawn = last.get(&person).copied().unwrap_or_default();
        bytes.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
        Ok(())
    }
}

impl Store for Line {
    type Error = FaultyStoreError<Unavailable>;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        self.faulty.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        let is_settlement = {
            let mut log = self.log.lock().unwrap();
            log.request(&bytes);
            log.hashed.contains(&log.current)
        };
        if self.faults.loses(is_settlement) {
            return Err(FaultyStoreError::Injected);
        }
        if self.faults.applies_nothing.load(Ordering::Relaxed) {
            return Ok(Swap::Unknown);
        }
        match self.faulty.compare_and_swap(key, expect, bytes, events).await? {
            Swap::Unknown
                if matches!(self.bug, Bug::UnknownReadAsApplied | Bug::UnknownReadAsAppliedUnseen) =>
            {
                Ok(Swap::Applied(Version::from_number(u64::MAX)))
            }
            answer => Ok(answer),
        }
    }
}

/// The journal of all gates. Down, it keeps whoever asks waiting until its own time-out.
#[derive(Debug)]
pub(crate) struct TownJournal {
    pub(crate) kept: CollectingJournal,
    bug: Bug,
    taken: Mutex<u64>,
    pub(crate) hangs: AtomicBool,
}

/// After so many polls a journal that hangs gives up.
const TIME_OUT_POLLS: u32 = 3;

impl TownJournal {
    pub(crate) fn new(bug: Bug) -> Self {
        let hangs = AtomicBool::new(false);
        Self { kept: CollectingJournal::new(), bug, taken: Mutex::new(0), hangs }
    }

    async fn wait_if_it_hangs(&self) -> Result<(), Unavailable> {
        if !self.hangs.load(Ordering::Relaxed) {
            return Ok(());
        }
        let mut left = TIME_OUT_POLLS;
        std::future::poll_fn(|_| {
            left = left.saturating_sub(1);
            if left == 0 { Poll::Ready(Err(Unavailable)) } else { Poll::Pending }
        })
        .await
    }
}

impl TownJournal {
    async fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        self.wait_if_it_hangs().await?;
        {
            let mut taken = self.taken.lock().unwrap();
            *taken += 1;
            if self.bug == Bug::JournalForgets && taken.is_multiple_of(BUG_ONCE_IN) {
                return Ok(());
            }
        }
        self.kept.record(events)
    }
}

/// The journal as each gate has it.
#[derive(Debug)]
pub(crate) struct SharedJournal(Arc<TownJournal>, SharedLog);

impl Journal for SharedJournal {
    type Error = Unavailable;

    async fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        self.1.lock().unwrap().journal_asked(false);
        let recorded = self.0.record(events).await;
        self.1.lock().unwrap().journal_asked(recorded.is_ok());
        recorded
    }

    async fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        self.0.kept.refused(refusal)
    }
}

/// The hasher of all gates; it logs each PIN it hashes.
struct Watched(QuickHasher, SharedLog);

impl PinHasher for Watched {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let hashed = self.0.hash(input, out);
        self.1.lock().unwrap().hash(hashed.is_ok());
        hashed
    }
}

/// What one gate instance of a town is plugged into.
pub(crate) struct TownHost {
    pub(crate) store: Line,
    clock: Arc<ManualClock>,
    directory: Blocking<Arc<MemoryDirectory>>,
    journal: SharedJournal,
    offload: Inline,
    randomness: TownRandomness,
}

impl Host for TownHost {
    type Store = Line;
    type Clock = Arc<ManualClock>;
    type Directory = Blocking<Arc<MemoryDirectory>>;
    type Journal = SharedJournal;
    type Offload = Inline;
    type Randomness = TownRandomness;

    fn store(&self) -> &Line {
        &self.store
    }

    fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    fn directory(&self) -> &Blocking<Arc<MemoryDirectory>> {
        &self.directory
    }

    fn journal(&self) -> &SharedJournal {
        &self.journal
    }

    fn offload(&self) -> &Inline {
        &self.offload
    }

    fn randomness(&self) -> &TownRandomness {
        &self.randomness
    }
}

/// What all gates of a town have in common.
pub(crate) struct Commons {
    pub(crate) truth: Arc<Truth>,
    pub(crate) journal: Arc<TownJournal>,
    pub(crate) directory: Arc<MemoryDirectory>,
    pub(crate) hasher: QuickHasher,
    pub(crate) policy: Policy,
    pub(crate) version: StoredVersion,
    pub(crate) rates: Rates,
    /// By how much the clocks of its hosts may differ from the right one.
    pub(crate) ahead: &'static [i64],
    pub(crate) loses_settlements: bool,
    pub(crate) log: SharedLog,
    pub(crate) bug: Bug,
}

/// One gate instance, with a clock of its own that is ahead or behind.
pub(crate) struct Instance {
    pub(crate) gate: Arc<Gate<TownHost>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ahead_millis: i64,
    pub(crate) faults: Arc<Faults>,
}

const MINUTE: i64 = 60_000;
/// As clocks should be, and as they are where nobody looks.
pub(crate) const ALIKE: [i64; 6] = [0, 0, 200, -200, 4_000, -4_000];
pub(crate) const APART: [i64; 8] = [0, 0, 0, 200, -200, 3 * MINUTE, -7 * MINUTE, 25 * 60 * MINUTE];

impl Commons {
    pub(crate) fn instance(&self, random: &mut Random) -> Instance {
        let truth = Blocking(Arc::clone(&self.truth));
        let faulty = FaultyStore::seeded(truth, random.number(), self.rates);
        let clock = Arc::new(ManualClock::at(pinlatch::time::Timestamp::from_unix_millis(0)));
        let faults = Arc::new(Faults { loses_settlements: self.loses_settlements, ..Faults::default() });
        let randomness = TownRandomness {
            inner: SeededRandomness::new(random.number()),
            last: Mutex::default(),
            log: Arc::clone(&self.log),
            faults: Arc::clone(&faults),
        };
        let host = TownHost {
            store: Line { faulty, log: Arc::clone(&self.log), bug: self.bug, faults: Arc::clone(&faults) },
            clock: Arc::clone(&clock),
            directory: Blocking(Arc::clone(&self.directory)),
            journal: SharedJournal(Arc::clone(&self.journal), Arc::clone(&self.log)),
            offload: Inline,
            randomness,
        };
        let pepper = Pepper::new(&[0x5a; 32]).expect("a pepper");
        let gate = Gate::builder(host)
            .peppers(PepperRing::new(PepperId::from_number(1), pepper))
            .hasher(Watched(self.hasher.clone(), Arc::clone(&self.log)))
            .policy(self.policy.clone())
            .writes_version(self.version)
            .build();
        Instance {
            gate: Arc::new(gate.expect("complete")),
            clock,
            ahead_millis: random.pick(self.ahead),
            faults,
        }
    }
}
