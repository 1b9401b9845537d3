//! One use case, with something wrong.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use pinlatch::account::{Account, Event, WRITES_REMEMBERED};
use pinlatch::host::Key;
use pinlatch::id::{EventId, HistoryId, PersonId, WriteId};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch_testkit::World;
use pinlatch_testkit::faults::poll_times;

use crate::cases::Case;
use crate::given::Ready;
use crate::parts::{Wrong, gate_with};

/// What the crashed host draws its tokens and ids from: the same in every run.
const SEED: u64 = 99;
/// More than any use case waits.
const POLLS: usize = 300;

/// How a use case ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    Answered(Result<(), Code>),
    /// Crashed, or dropped.
    Silent,
    Panicked,
}

/// What was seen of one run.
pub(crate) struct Run {
    pub(crate) end: End,
    /// Every record that was applied.
    pub(crate) applied: Vec<Vec<u8>>,
    pub(crate) operations: usize,
    pub(crate) hashed: usize,
    pub(crate) handed_over: usize,
    pub(crate) drawn: usize,
}

pub(crate) fn play(world: &World, case: &Case, ready: &Ready, wrong: &Wrong) -> Run {
    let (gate, calls) = gate_with(world, wrong, SEED);
    let polls = if let Wrong::Dropped(polls) = wrong { *polls } else { POLLS };
    let doing = || poll_times((case.act)(&gate, ready), polls);
    let end = match catch_unwind(AssertUnwindSafe(doing)) {
        Ok(Some(answer)) => End::Answered(answer),
        Ok(None) => End::Silent,
        Err(_) => End::Panicked,
    };
    let store = &gate.host().store;
    // A request outlives the host that sent it.
    let _held_back = poll_times(store.deliver_late_writes(), 1).expect("a blocking store");
    let applied = store.inner().0.applied.lock().unwrap().clone();
    Run {
        end,
        applied,
        operations: usize::try_from(store.operations()).unwrap(),
        hashed: calls.hasher.load(Ordering::Relaxed),
        handed_over: calls.journal.load(Ordering::Relaxed),
        drawn: calls.randomness.load(Ordering::Relaxed),
    }
}

/// Magic, version, length and checksum.
const HEADER_BYTES: usize = 14;
/// At the end of a record: an option of an id.
const HISTORY_BYTES: usize = 17;

/// An account without what tells one write of it from another, and without its outbox.
pub(crate) fn meaning(record: Option<&[u8]>, person: PersonId) -> Option<Vec<u8>> {
    let mut account = Account::decode(record?, person).expect("readable");
    if let Some(last) = account.outbox().last().map(|event| event.id) {
        account.delivered_through(last);
    }
    for write in 0..=WRITES_REMEMBERED {
        account.stamp(WriteId::from_u128(write as u128)).expect("a new id");
    }
    let bytes = account.encode().expect("it was stored");
    Some(bytes[HEADER_BYTES..bytes.len() - HISTORY_BYTES].to_vec())
}

/// What events tell, whichever write carries them: a command that was decided again carries the same
/// in another write.
pub(crate) fn told(events: &[Event]) -> Vec<Event> {
    let nameless = |event: &Event| {
        let mut event = *event;
        event.id = EventId { write: WriteId::from_u128(0), index: 0 };
        event.history = HistoryId::from_u128(0);
        event
    };
    events.iter().map(nameless).collect()
}

/// A run in which nothing was wrong, to compare with.
pub(crate) struct Honest {
    pub(crate) run: Run,
    /// The meaning of the account before, and after each write.
    pub(crate) stages: Vec<Option<Vec<u8>>>,
    /// Everything that has happened after each of them.
    pub(crate) events: Vec<Vec<Event>>,
    /// Which tokens were alive before, and after.
    pub(crate) alive: [[bool; 4]; 2],
    /// How many looks it takes, with a pause before and after each step of each part.
    pub(crate) looks: usize,
}

impl Honest {
    pub(crate) fn of(case: &Case, ready: &Ready) -> Self {
        let world = ready.world();
        let stored = || world.store.bytes(&Key::account(ready.person));
        let before = meaning(stored().as_deref(), ready.person);
        let alive_before = ready.alive(&ready.world());
        let run = play(&world, case, ready, &Wrong::Nothing);
        let after = run.applied.iter().map(|record| meaning(Some(record), ready.person));
        let stages: Vec<_> = std::iter::once(before).chain(after).collect();
        // A charge is no event: whatever has happened, happened in the last write.
        let mut events = vec![told(&ready.events); stages.len()];
        if let Some(last) = events.last_mut().filter(|_| !run.applied.is_empty()) {
            *last = told(&world.journal.events(ready.person));
        }
        let alive = [alive_before, ready.alive(&world)];
        let done = |looks| {
            let run = play(&ready.world(), case, ready, &Wrong::Dropped(looks));
            matches!(run.end, End::Answered(_))
        };
        let looks = (1..POLLS).find(|looks| done(*looks)).expect("it ends");
        Self { run, stages, events, alive, looks }
    }

    pub(crate) fn last_stage(&self) -> usize {
        self.stages.len() - 1
    }
}
