//! Elapsed time (D23): the one place that turns readings of clocks into the time of an account.

use core::time::Duration;

use super::timestamp::{Timestamp, whole_millis};

/// A point on the timeline of one account: milliseconds that have passed for it.
///
/// Moments of different accounts have nothing to do with each other, and a moment is no date: a clock that
/// is set back and goes on leaves the timeline ahead of the calendar by as much.
///
/// With the feature `serde` it is the number of milliseconds; in human-readable formats as text, since few of
/// them have numbers of 128 bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(u128);

impl Moment {
    /// The moment this many milliseconds after the timeline's beginning.
    pub(crate) const fn from_millis(millis: u128) -> Self {
        Self(millis)
    }

    /// Milliseconds since the timeline's beginning.
    pub(crate) const fn number(self) -> u128 {
        self.0
    }

    /// The moment `span` later, to the whole millisecond below; saturates.
    pub(crate) fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(u128::from(whole_millis(span))))
    }

    /// How long after `earlier` this is; zero if it is not after it. Saturates at some 584 million years.
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let millis = self.0.saturating_sub(earlier.0);
        Duration::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(&self.0)
        } else {
            self.0.serialize(serializer)
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Moment {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = alloc::string::String::deserialize(deserializer)?;
            text.parse().map(Self).map_err(serde::de::Error::custom)
        } else {
            u128::deserialize(deserializer).map(Self)
        }
    }
}

/// A moment together with what the clock read then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) at: Moment,
    pub(crate) reading: Timestamp,
}

/// A floor above every reading.
const UNTIL_A_READING: Timestamp = Timestamp::from_unix_millis(u64::MAX);

/// An account's timeline (D23): how much time has passed, and the reading up to which it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// How much time has passed: `T`.
    pub(crate) elapsed: Moment,
    /// The reading that was followed last: `L`.
    pub(crate) base: Timestamp,
    /// An authentication that was begun for nobody in particular, not later than this and the skew, is void
    /// (D34).
    pub(crate) floor: Timestamp,
}

impl Timeline {
    /// Of an account that has read no clock yet.
    pub(crate) const NEW: Self = Self {
        elapsed: Moment::from_millis(0),
        base: Timestamp::from_unix_millis(0),
        floor: Timestamp::from_unix_millis(0),
    };

    /// Follows a reading of the clock, the only way in which time passes. A reading later than the base
    /// moves both on, by any distance; one that is earlier by no more than the skew moves nothing, since two
    /// hosts may differ by so much; an earlier one becomes the base, and the time that has passed stays.
    /// Answers by how much the clock was set back, if it was.
    pub(crate) fn follow(&mut self, reading: Timestamp, skew: Duration) -> Option<Duration> {
        let set_back = self.base.since(reading); // zero unless it is behind
        if reading >= self.base {
            self.elapsed = self.elapsed.plus(reading.since(self.base));
            self.base = reading;
        } else if set_back > skew {
            self.base = reading;
            self.floor = reading;
        }
        if self.floor_waits() {
            self.floor = self.base;
        }
        (set_back > skew).then_some(set_back)
    }

    /// The floor rises to the present reading, or, where there is none, to the next one: what was begun before
    /// is void (E13).
    pub(crate) const fn raise_floor(&mut self, has_reading: bool) {
        self.floor = if has_reading { self.base } else { UNTIL_A_READING };
    }

    /// Whether the floor was raised when no clock told how far: everything is below it until the next reading.
    pub(crate) const fn floor_waits(&self) -> bool {
        self.floor.as_unix_millis() == UNTIL_A_READING.as_unix_millis()
    }

    /// The floor rises to `reading`, or stays where it is higher.
    pub(crate) fn raise_floor_to(&mut self, reading: Timestamp) {
        self.floor = self.floor.max(reading.min(self.base));
    }

    /// How long it takes from this reading until something begun for nobody in particular is later than the
    /// floor; `None` if it is already.
    pub(crate) fn until_begun_counts(&self, reading: Timestamp, skew: Duration) -> Option<Duration> {
        let floor = self.floor.plus(skew);
        (reading <= floor).then(|| floor.since(reading).saturating_add(Duration::from_millis(1)))
    }

    /// Whether something begun for nobody in particular when the clock read `begun` counts, for so long as
    /// `window` (D34).
    pub(crate) fn judge(&self, begun: Timestamp, window: Duration, skew: Duration) -> Begun {
        if begun <= self.floor.plus(skew) {
            Begun::BeforeFloor
        } else if begun > self.base.plus(skew) {
            Begun::InTheFuture
        } else if self.base.since(begun) >= window.saturating_add(skew) {
            Begun::TooLongAgo
        } else {
            Begun::Counts
        }
    }
}

/// What became of something that was begun at a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Begun {
    Counts,
    BeforeFloor,
    InTheFuture,
    TooLongAgo,
}
