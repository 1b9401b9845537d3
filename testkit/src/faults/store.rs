//! The store with faults.

use std::collections::VecDeque;
use std::fmt;
use std::future::{pending, poll_fn};
use std::mem;
use std::task::Poll;

use parking_lot::Mutex;

use super::super::randomness::SeededRandomness;
use super::fault::{Fault, Injected};
use super::rates::Rates;
use super::schedule::Schedule;
use pinlatch::account::Event;
use pinlatch::host::{Expect, Key, Loaded, Store, Swap};

/// A store between which and the gate something goes wrong. See the
/// [module](crate::faults).
pub struct FaultyStore<S> {
    inner: S,
    pausing: bool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    schedule: Schedule,
    late: Vec<LateWrite>,
    injected: Injected,
    operations: u64,
    crashed: bool,
}

/// A write that was held back.
struct LateWrite {
    key: Key,
    expect: Expect,
    bytes: Vec<u8>,
    events: Vec<Event>,
    /// After so many further operations it reaches the store.
    after: u8,
}

/// The error of a [`FaultyStore`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultyStoreError<E> {
    /// Made on purpose.
    #[error("a fault on purpose: nothing was written")]
    Injected,
    /// The store inside failed by itself.
    #[error(transparent)]
    Store(E),
}

impl<S> FaultyStore<S> {
    /// Faults by a list, one for each operation, loads included; honest after its end.
    #[must_use]
    pub fn script(inner: S, faults: impl IntoIterator<Item = Fault>) -> Self {
        Self::by(inner, Schedule::Script(faults.into_iter().collect::<VecDeque<_>>()))
    }

    /// Faults drawn at these rates, the same for the same seed.
    #[must_use]
    pub fn seeded(inner: S, seed: u64, rates: Rates) -> Self {
        Self::by(inner, Schedule::Seeded(SeededRandomness::new(seed), rates))
    }

    fn by(inner: S, schedule: Schedule) -> Self {
        let state = State {
            schedule,
            late: Vec::new(),
            injected: Injected::default(),
            operations: 0,
            crashed: false,
        };
        Self { inner, pausing: false, state: Mutex::new(state) }
    }

    /// Every operation is pending once before and once after its work, so that
    /// [`poll_times`](super::poll_times) can drop a request on either side of it.
    #[must_use]
    pub fn pausing(mut self) -> Self {
        self.pausing = true;
        self
    }

    /// From now on every operation is pending for ever. Drop whatever waits for one.
    pub fn crash(&self) {
        let mut state = self.state.lock();
        if !mem::replace(&mut state.crashed, true) {
            state.injected.count(Fault::CrashBefore);
        }
    }

    /// Whether it has crashed.
    #[must_use]
    pub fn is_crashed(&self) -> bool {
        self.state.lock().crashed
    }

    /// How many operations it was asked for before it crashed.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.state.lock().operations
    }

    /// How often each fault took effect so far.
    #[must_use]
    pub fn injected(&self) -> Injected {
        self.state.lock().injected
    }

    /// The store inside.
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// The store inside, for a host that starts anew on it. Writes still held back are lost; for
    /// others see [`deliver_late_writes`](Self::deliver_late_writes).
    #[must_use]
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// Begins an operation: which fault it has, after it was pending for as long as it should.
    async fn begin(&self, wrong: impl Fn(Fault) -> bool) -> Fault {
        let fault = {
            let mut state = self.state.lock();
            if state.crashed {
                Fault::CrashBefore
            } else {
                state.operations = state.operations.saturating_add(1);
                let next = state.schedule.next();
                let fault = if wrong(next) { Fault::Honest } else { next };
                state.injected.count(fault);
                state.crashed = fault == Fault::CrashBefore;
                fault
            }
        };
        let polls = match fault {
            Fault::CrashBefore => pending().await,
            Fault::Slow(polls) => polls,
            _ => 0,
        };
        pause(polls.saturating_add(self.pausing.into())).await;
        self.stop_if_crashed().await;
        fault
    }

    /// Ends an operation that had an answer.
    async fn end(&self, fault: Fault) {
        if fault == Fault::CrashAfter {
            self.state.lock().crashed = true;
        }
        pause(self.pausing.into()).await;
        self.stop_if_crashed().await;
    }

    async fn stop_if_crashed(&self) {
        if self.is_crashed() {
            pending::<()>().await;
        }
    }
}

impl<S: Store> FaultyStore<S> {
    /// Lets every write that is still held back reach the store now, in order, each with its old
    /// expectation: after a crash, too, for a request may outlive the host that sent it. Answers how
    /// many there were.
    pub async fn deliver_late_writes(&self) -> usize {
        let late = mem::take(&mut self.state.lock().late);
        let count = late.len();
        self.deliver(late).await;
        count
    }

    async fn deliver(&self, late: Vec<LateWrite>) {
        for LateWrite { key, expect, bytes, events, .. } in late {
            let _nobody_waits_for_the_answer =
                self.inner.compare_and_swap(&key, expect, bytes, &events).await;
        }
    }

    /// One more operation is done: what was held back long enough reaches the store.
    async fn deliver_due_writes(&self) {
        let due = {
            let mut state = self.state.lock();
            for write in &mut state.late {
                write.after = write.after.saturating_sub(1);
            }
            let (due, late) = mem::take(&mut state.late).into_iter().partition(|write| write.after == 0);
            state.late = late;
            due
        };
        self.deliver(due).await;
    }

    async fn write(&self, key: &Key, expect: Expect, bytes: Vec<u8>, events: &[Event]) -> Answer<Swap, S> {
        self.inner.compare_and_swap(key, expect, bytes, events).await.map_err(FaultyStoreError::Store)
    }
}

type Answer<T, S> = Result<T, FaultyStoreError<<S as Store>::Error>>;

impl<S: Store> Store for FaultyStore<S> {
    type Error = FaultyStoreError<S::Error>;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, Self::Error> {
        let of_writes =
            |fault| matches!(fault, Fault::Conflict | Fault::ConflictThoughApplied | Fault::Late(_));
        let fault = self.begin(of_writes).await;
        let answer = match fault {
            Fault::ReplyLost | Fault::RequestLost | Fault::Down => Err(FaultyStoreError::Injected),
            _ => self.inner.load(key).await.map_err(FaultyStoreError::Store),
        };
        self.deliver_due_writes().await;
        self.end(fault).await;
        answer
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Self::Error> {
        let fault = self.begin(|_| false).await;
        let mut held_back = None;
        let answer = match fault {
            Fault::Down => Err(FaultyStoreError::Injected),
            Fault::RequestLost => Ok(Swap::Unknown),
            Fault::Conflict => Ok(Swap::Conflict),
            Fault::Late(after) => {
                held_back = Some(LateWrite { key: *key, expect, bytes, events: events.into(), after });
                Ok(Swap::Unknown)
            }
            Fault::ReplyLost => self.write(key, expect, bytes, events).await.map(|_| Swap::Unknown),
            Fault::ConflictThoughApplied => {
                self.write(key, expect, bytes, events).await.map(|_| Swap::Conflict)
            }
            _ => self.write(key, expect, bytes, events).await,
        };
        self.deliver_due_writes().await;
        self.state.lock().late.extend(held_back);
        self.end(fault).await;
        answer
    }

    fn takes_events(&self) -> bool {
        self.inner.takes_events()
    }
}

/// Pending for so many polls.
async fn pause(polls: u8) {
    let mut left = polls;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(());
        }
        left = left.saturating_sub(1);
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl fmt::Debug for LateWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "LateWrite({:?}, {:?}, {} bytes, after {})",
            self.key,
            self.expect,
            self.bytes.len(),
            self.after
        )
    }
}

impl<S> fmt::Debug for FaultyStore<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state.lock();
        let (operations, crashed) = (state.operations, state.crashed);
        write!(f, "FaultyStore({operations} operations, faults: {}, crashed: {crashed})", state.injected)
    }
}
