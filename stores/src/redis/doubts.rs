//! Which records a handle has to see acknowledged before it believes what it reads of them.
//!
//! After `Unknown` the gate loads and looks for its own write: found, it answers as if it had been told
//! `Applied`. A write that no replica has must not be found that way, or a fail-over brings back a guess that was
//! compared. So after a swap of unknown outcome, loads of that record by this handle are acknowledged too, until
//! one of them sees another version than the swap expected: versions never come back, so a swap still
//! on its way cannot be applied any more, and what was applied before is acknowledged with it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pinlatch::host::{Expect, Key, Loaded};

/// The swaps of unknown outcome.
#[derive(Default)]
pub(super) struct Doubts(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    last: u64,
    of: HashMap<Key, Vec<Doubt>>,
}

struct Doubt {
    number: u64,
    expected: Expect,
}

/// A moment in the life of the handle: what came into doubt after it is not settled by what was read since.
#[derive(Clone, Copy)]
pub(super) struct Since(u64);

impl Doubts {
    /// A swap expecting this ended unknown.
    pub(super) fn add(&self, key: &Key, expected: Expect) {
        let mut inner = self.inner();
        inner.last = inner.last.saturating_add(1);
        let number = inner.last;
        inner.of.entry(*key).or_default().push(Doubt { number, expected });
    }

    /// Whether this record is in doubt, as of now.
    pub(super) fn of(&self, key: &Key) -> Option<Since> {
        let inner = self.inner();
        inner.of.contains_key(key).then_some(Since(inner.last))
    }

    /// This was read, and acknowledged.
    pub(super) fn settle(&self, key: &Key, since: Since, found: Option<&Loaded>) {
        let found = found.map_or(Expect::Absent, |found| Expect::At(found.version));
        let mut inner = self.inner();
        if let Some(doubts) = inner.of.get_mut(key) {
            doubts.retain(|doubt| doubt.number > since.0 || doubt.expected == found);
            if doubts.is_empty() {
                inner.of.remove(key);
            }
        }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test may")]
mod tests {
    use pinlatch::host::Version;
    use pinlatch_testkit::person;

    use super::*;

    fn loaded(number: u64) -> Loaded {
        Loaded { bytes: Vec::new(), version: Version::from_number(number) }
    }

    fn at(number: u64) -> Expect {
        Expect::At(Version::from_number(number))
    }

    #[test]
    fn another_version_ends_a_doubt_and_the_expected_one_does_not() {
        let (doubts, key, other) = (Doubts::default(), Key::account(person(1)), Key::account(person(2)));
        assert!(doubts.of(&key).is_none());
        doubts.add(&key, at(1));
        let since = doubts.of(&key).unwrap();
        assert!(doubts.of(&other).is_none());
        // The swap may still be on its way.
        doubts.settle(&key, since, Some(&loaded(1)));
        assert!(doubts.of(&key).is_some());
        doubts.settle(&key, since, Some(&loaded(2)));
        assert!(doubts.of(&key).is_none());
    }

    #[test]
    fn a_doubt_that_came_while_it_was_read_stays() {
        let (doubts, key) = (Doubts::default(), Key::account(person(1)));
        doubts.add(&key, at(1));
        let since = doubts.of(&key).unwrap();
        doubts.add(&key, at(2));
        doubts.settle(&key, since, Some(&loaded(3)));
        let since = doubts.of(&key).unwrap();
        doubts.settle(&key, since, Some(&loaded(3)));
        assert!(doubts.of(&key).is_none());
    }

    #[test]
    fn a_creation_in_doubt_is_settled_by_a_record() {
        let (doubts, key) = (Doubts::default(), Key::account(person(1)));
        doubts.add(&key, Expect::Absent);
        let since = doubts.of(&key).unwrap();
        doubts.settle(&key, since, None);
        assert!(doubts.of(&key).is_some());
        doubts.settle(&key, since, Some(&loaded(1)));
        assert!(doubts.of(&key).is_none());
    }
}
