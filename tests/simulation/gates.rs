//! The gate instances of a town, and what is between each of them and the one store.

use std::sync::{Arc, Mutex};

use pinlatch::account::{Event, Policy, RefusalEvent};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingJournal, BlockingStore, Expect, Host, Inline, Key, Loaded, Store, Swap, Version,
};
use pinlatch::pin::{HashInput, HasherError, Pepper, PepperId, PepperRing, PinHasher};
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
        self.log.lock().unwrap().request(&bytes);
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

/// The journal of all gates.
#[derive(Debug)]
pub(crate) struct TownJournal {
    pub(crate) kept: CollectingJournal,
    bug: Bug,
    taken: Mutex<u64>,
}

impl TownJournal {
    pub(crate) fn new(bug: Bug) -> Self {
        Self { kept: CollectingJournal::new(), bug, taken: Mutex::new(0) }
    }
}

impl BlockingJournal for TownJournal {
    type Error = Unavailable;

    fn record(&self, events: &[Event]) -> Result<(), Unavailable> {
        let mut taken = self.taken.lock().unwrap();
        *taken += 1;
        if self.bug == Bug::JournalForgets && taken.is_multiple_of(BUG_ONCE_IN) {
            return Ok(());
        }
        self.kept.record(events)
    }

    fn refused(&self, refusal: &RefusalEvent) -> Result<(), Unavailable> {
        self.kept.refused(refusal)
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
    journal: Blocking<Arc<TownJournal>>,
    offload: Inline,
    randomness: SeededRandomness,
}

impl Host for TownHost {
    type Store = Line;
    type Clock = Arc<ManualClock>;
    type Directory = Blocking<Arc<MemoryDirectory>>;
    type Journal = Blocking<Arc<TownJournal>>;
    type Offload = Inline;
    type Randomness = SeededRandomness;

    fn store(&self) -> &Line {
        &self.store
    }

    fn clock(&self) -> &Arc<ManualClock> {
        &self.clock
    }

    fn directory(&self) -> &Blocking<Arc<MemoryDirectory>> {
        &self.directory
    }

    fn journal(&self) -> &Blocking<Arc<TownJournal>> {
        &self.journal
    }

    fn offload(&self) -> &Inline {
        &self.offload
    }

    fn randomness(&self) -> &SeededRandomness {
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
    pub(crate) rates: Rates,
    pub(crate) log: SharedLog,
    pub(crate) bug: Bug,
}

/// One gate instance, with a clock of its own that is ahead or behind.
pub(crate) struct Instance {
    pub(crate) gate: Arc<Gate<TownHost>>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) ahead_millis: i64,
}

const MINUTE: i64 = 60_000;
const AHEAD: [i64; 8] = [0, 0, 0, 200, -200, 3 * MINUTE, -7 * MINUTE, 25 * 60 * MINUTE];

impl Commons {
    pub(crate) fn instance(&self, random: &mut Random) -> Instance {
        let truth = Blocking(Arc::clone(&self.truth));
        let faulty = FaultyStore::seeded(truth, random.number(), self.rates);
        let clock = Arc::new(ManualClock::at(pinlatch::time::Timestamp::from_unix_millis(0)));
        let host = TownHost {
            store: Line { faulty, log: Arc::clone(&self.log), bug: self.bug },
            clock: Arc::clone(&clock),
            directory: Blocking(Arc::clone(&self.directory)),
            journal: Blocking(Arc::clone(&self.journal)),
            offload: Inline,
            randomness: SeededRandomness::new(random.number()),
        };
        let pepper = Pepper::new(&[0x5a; 32]).expect("a pepper");
        let gate = Gate::builder(host)
            .peppers(PepperRing::new(PepperId::from_number(1), pepper))
            .hasher(Watched(self.hasher.clone(), Arc::clone(&self.log)))
            .policy(self.policy.clone())
            .build();
        Instance { gate: Arc::new(gate.expect("complete")), clock, ahead_millis: random.pick(&AHEAD) }
    }
}
