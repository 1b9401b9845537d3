//! Parts of a host that are broken in one way each.

use std::convert::Infallible;
use std::future::{pending, ready};
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

use pinlatch::account::{Event, RefusalEvent};
use pinlatch::host::{Expect, Journal, Key, Loaded, Randomness, RandomnessError, Store, Swap};

/// A journal that never answers, against the contract of [`Journal`], which demands a time-out. It
/// keeps nothing, and counts how often it was asked.
#[derive(Debug, Default)]
pub struct HangingJournal(AtomicU64);

impl HangingJournal {
    /// How often it was handed events.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Journal for HangingJournal {
    type Error = Infallible;

    fn record(&self, _: &[Event]) -> impl Future<Output = Result<(), Infallible>> + Send {
        self.0.fetch_add(1, Ordering::Relaxed);
        pending()
    }

    fn refused(&self, _: &RefusalEvent) -> impl Future<Output = Result<(), Infallible>> + Send {
        pending()
    }
}

/// A store that reads, and never applies a write: one row that somebody else holds. Counts the swaps.
#[derive(Debug)]
pub struct NeverApplying<S> {
    inner: S,
    answer: Swap,
    swaps: AtomicU64,
}

impl<S> NeverApplying<S> {
    /// Answers every swap with `Conflict`.
    pub const fn conflict(inner: S) -> Self {
        Self { inner, answer: Swap::Conflict, swaps: AtomicU64::new(0) }
    }

    /// Answers every swap with `Unknown`.
    pub const fn unknown(inner: S) -> Self {
        Self { inner, answer: Swap::Unknown, swaps: AtomicU64::new(0) }
    }

    /// How many swaps it was asked for.
    pub fn swaps(&self) -> u64 {
        self.swaps.load(Ordering::Relaxed)
    }
}

impl<S: Store> Store for NeverApplying<S> {
    type Error = S::Error;

    fn load(&self, key: &Key) -> impl Future<Output = Result<Option<Loaded>, S::Error>> + Send {
        self.inner.load(key)
    }

    fn compare_and_swap(
        &self,
        _: &Key,
        _: Expect,
        _: Vec<u8>,
        _: &[Event],
    ) -> impl Future<Output = Result<Swap, S::Error>> + Send {
        self.swaps.fetch_add(1, Ordering::Relaxed);
        ready(Ok(self.answer))
    }

    fn takes_events(&self) -> bool {
        self.inner.takes_events()
    }
}

/// A random source that gives what it gave before: a snapshot of a virtual machine that was started
/// twice, a seed that is the time of day.
#[derive(Debug)]
pub struct RepeatingRandomness<R> {
    inner: R,
    period: usize,
    state: Mutex<(Vec<[u8; 32]>, usize)>,
}

impl<R: Randomness> RepeatingRandomness<R> {
    /// Repeats the first `period` draws of `inner` for ever. A draw has up to 32 bytes.
    pub const fn every(period: usize, inner: R) -> Self {
        Self { inner, period, state: Mutex::new((Vec::new(), 0)) }
    }
}

impl<R: Randomness> Randomness for RepeatingRandomness<R> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        let mut state = self.state.lock();
        let (drawn, asked) = &mut *state;
        if drawn.len() < self.period {
            let mut block = [0; 32];
            self.inner.fill(&mut block)?;
            drawn.push(block);
        }
        let place = asked.checked_rem(self.period).unwrap_or_default();
        let block = drawn.get(place).ok_or(RandomnessError)?;
        bytes.iter_mut().zip(block).for_each(|(byte, random)| *byte = *random);
        *asked = asked.wrapping_add(1);
        Ok(())
    }
}
