//! How the connections of a store fare, told the same way by every engine that keeps several.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

/// The connections of a store at one moment, and what became of them since it was opened: for the host's metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connections {
    /// How many there may be.
    pub at_most: usize,
    /// How many there are.
    pub open: usize,
    /// How many of these nobody uses. One that many operations share at a time is always counted here.
    pub idle: usize,
    /// How many operations wait for one.
    pub waiting: u64,
    /// How many operations had to wait, those that wait now included: for a connection that others had, or for a new one, of
    /// PostgreSQL and MariaDB in vain.
    pub waits: u64,
    /// How long they waited together.
    pub waited: Duration,
    /// How many of them waited in vain, those that wait now included.
    pub in_vain: u64,
    /// How many connections were made.
    pub made: u64,
    /// How often connections were given up because an answer did not come: one by one, and where many operations share
    /// them all at once.
    pub given_up: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Meter {
    waiting: AtomicU64,
    waits: AtomicU64,
    waited_micros: AtomicU64,
    in_vain: AtomicU64,
    made: AtomicU64,
    given_up: AtomicU64,
}

impl Meter {
    pub(crate) fn made(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn given_up(&self) {
        self.given_up.fetch_add(1, Ordering::Relaxed);
    }

    /// Somebody begins to wait.
    pub(crate) fn wait(&self) -> Waiting<'_> {
        self.wait_since(Instant::now())
    }

    /// Somebody waits, and has begun then.
    pub(crate) fn wait_since(&self, since: Instant) -> Waiting<'_> {
        for count in [&self.waiting, &self.waits, &self.in_vain] {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Waiting { meter: self, since }
    }

    pub(crate) fn read(&self, at_most: usize, open: usize, idle: usize) -> Connections {
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Connections {
            at_most,
            open,
            idle,
            waiting: of(&self.waiting),
            waits: of(&self.waits),
            waited: Duration::from_micros(of(&self.waited_micros)),
            in_vain: of(&self.in_vain),
            made: of(&self.made),
            given_up: of(&self.given_up),
        }
    }
}

/// Somebody waits, until this is dropped; in vain, unless it was [served](Self::served).
pub(crate) struct Waiting<'m> {
    meter: &'m Meter,
    since: Instant,
}

impl Waiting<'_> {
    pub(crate) fn served(self) {
        self.meter.in_vain.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let waited = u64::try_from(self.since.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.meter.waited_micros.fetch_add(waited, Ordering::Relaxed);
        self.meter.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
