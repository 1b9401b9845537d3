//! What can go wrong with one operation, and how often it did.

use std::fmt;

/// What happens to one operation of a store.
///
/// A load has no `Unknown` and writes nothing: there, a lost reply and a lost request are an
/// error, and a fault that only a write can have ([`Conflict`](Self::Conflict),
/// [`ConflictThoughApplied`](Self::ConflictThoughApplied), [`Late`](Self::Late)) leaves it honest
/// and is not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing.
    Honest,
    /// The write happens, if its expectation holds, and is answered `Unknown`.
    ReplyLost,
    /// The write does not happen, and is answered `Unknown`.
    RequestLost,
    /// The write does not happen, and is answered `Conflict`. A storm is a script of many.
    Conflict,
    /// The write happens, if its expectation holds, and is answered `Conflict`: a client that was
    /// not answered and tried again by itself.
    ConflictThoughApplied,
    /// Nothing is asked or written; the answer is an error.
    Down,
    /// The write is answered `Unknown` and held back; after so many further operations, at least
    /// one, it reaches the store with its old expectation, which then holds or not.
    Late(u8),
    /// The operation is pending for so many polls before it begins.
    Slow(u8),
    /// The host crashes before the operation: it and every later one is pending for ever.
    CrashBefore,
    /// The operation happens, then the host crashes: it and every later one is pending for ever.
    CrashAfter,
}

/// How often each fault took effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Injected {
    /// Writes that happened and were answered `Unknown`, and loads answered by an error instead.
    pub replies_lost: u64,
    /// Writes that did not happen and were answered `Unknown`, and loads answered by an error
    /// instead.
    pub requests_lost: u64,
    /// Writes answered `Conflict` and not tried.
    pub conflicts: u64,
    /// Writes that happened and were answered `Conflict`.
    pub conflicts_though_applied: u64,
    /// Operations answered by an error.
    pub down: u64,
    /// Writes that were held back.
    pub late: u64,
    /// Operations that were pending for a while.
    pub slow: u64,
    /// Crashes.
    pub crashes: u64,
}

impl Injected {
    /// All of them.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.by_name().iter().fold(0, |total, (_, count)| total.saturating_add(*count))
    }

    /// Adds the counts of another store.
    pub fn add(&mut self, other: &Self) {
        for (mine, (_, theirs)) in self.counters().into_iter().zip(other.by_name()) {
            *mine = mine.saturating_add(theirs);
        }
    }

    pub(super) fn count(&mut self, fault: Fault) {
        let counter = match fault {
            Fault::Honest => return,
            Fault::ReplyLost => &mut self.replies_lost,
            Fault::RequestLost => &mut self.requests_lost,
            Fault::Conflict => &mut self.conflicts,
            Fault::ConflictThoughApplied => &mut self.conflicts_though_applied,
            Fault::Down => &mut self.down,
            Fault::Late(_) => &mut self.late,
            Fault::Slow(_) => &mut self.slow,
            Fault::CrashBefore | Fault::CrashAfter => &mut self.crashes,
        };
        *counter = counter.saturating_add(1);
    }

    const fn by_name(&self) -> [(&'static str, u64); 8] {
        [
            ("replies_lost", self.replies_lost),
            ("requests_lost", self.requests_lost),
            ("conflicts", self.conflicts),
            ("conflicts_though_applied", self.conflicts_though_applied),
            ("down", self.down),
            ("late", self.late),
            ("slow", self.slow),
            ("crashes", self.crashes),
        ]
    }

    const fn counters(&mut self) -> [&mut u64; 8] {
        [
            &mut self.replies_lost,
            &mut self.requests_lost,
            &mut self.conflicts,
            &mut self.conflicts_though_applied,
            &mut self.down,
            &mut self.late,
            &mut self.slow,
            &mut self.crashes,
        ]
    }
}

impl fmt::Display for Injected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.total())?;
        let kinds = self.by_name().into_iter().filter(|(_, count)| *count > 0);
        for (place, (name, count)) in kinds.enumerate() {
            let before = if place == 0 { " (" } else { " " };
            write!(f, "{before}{name}={count}")?;
        }
        if self.total() == 0 { Ok(()) } else { f.write_str(")") }
    }
}
