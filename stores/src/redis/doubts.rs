//! Which records a handle has to see acknowledged before it believes what it reads of them.
//!
//! After `Unknown` the gate loads and looks for its own write: found, it answers as if it had been told
//! `Applied`. A write that no replica has must not be found that way, or a fail-over brings back a guess that was
//! compared. So a swap is in doubt from before it is sent until its outcome is known: one that its caller gave up in the
//! middle, which may be written all the same, stays in doubt as one of unknown outcome does. Meanwhile loads of that
//! record by this handle are acknowledged too, until one of them sees another version than the swap expected: versions
//! never come back, so a swap still on its way cannot be applied any more, and what was applied before is
//! acknowledged with it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pinlatch::host::{Expect, Key, Loaded};

/// The swaps whose outcome is not known, or not yet.
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

/// Which doubt it is.
pub(super) struct Number(u64);

/// A moment in the life of the handle: what came into doubt after it is not settled by what was read since.
#[derive(Clone, Copy)]
pub(super) struct Since(u64);

impl Doubts {
    /// A swap expecting this is about to be sent.
    pub(super) fn add(&self, key: &Key, expected: Expect) -> Number {
        let mut inner = self.inner();
        inner.last = inner.last.saturating_add(1);
        let number = inner.last;
        inner.of.entry(*key).or_default().push(Doubt { number, expected });
        Number(number)
    }

    /// Its outcome is known.
    pub(super) fn take_back(&self, key: &Key, Number(number): Number) {
        self.retain(key, |doubt| doubt.number != number);
    }

    /// Whether this record is in doubt, as of now.
    pub(super) fn of(&self, key: &Key) -> Option<Since> {
        let inner = self.inner();
        inner.of.contains_key(key).then_some(Since(inner.last))
    }

    /// This was read, and acknowledged.
    pub(super) fn settle(&self, key: &Key, since: Since, found: Option<&Loaded>) {
        let found = found.map_or(Expect::Absent, |found| Expect::At(found.version));
        self.retain(key, |doubt| doubt.number > since.0 || doubt.expected == found);
    }

    fn retain(&self, key: &Key, stays: impl Fn(&Doubt) -> bool) {
        let mut inner = self.inner();
        if let Some(doubts) = inner.of.get_mut(key) {
            doubts.retain(stays);
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
    fn of_two_swaps_the_one_whose_outcome_is_known_is_taken_back() {
        let (doubts, key) = (Doubts::default(), Key::account(person(1)));
        let (one, two) = (doubts.add(&key, at(1)), doubts.add(&key, at(1)));
        doubts.take_back(&key, one);
        assert!(doubts.of(&key).is_some());
        doubts.take_back(&key, two);
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
