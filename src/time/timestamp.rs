//! Instants as the crate's own numbers of unix milliseconds.

use alloc::string::ToString;
use core::fmt;
use core::str::FromStr;
use core::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
///
/// As text it is ISO 8601 in UTC with milliseconds, `2026-11-22T09:30:00.000Z`. Where that form ends, from
/// 9999-12-30T22:00:00Z on, it is the number of milliseconds and the unit, `253402207200000 ms`. Every
/// instant has exactly one text, and `FromStr` reads no other: no offset and no other precision. With the
/// feature `serde` the text is the form in human-readable formats, and the number of milliseconds in
/// others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// The instant this many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_unix_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// The instant this many seconds after 1970-01-01T00:00:00Z; saturates at the end of time.
    #[must_use]
    pub const fn from_unix_seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn as_unix_millis(self) -> u64 {
        self.0
    }

    /// Whether a clock that reads this can be believed to know the time: the years 2000 to 9999. Any other
    /// reading is none (D23).
    pub(crate) const fn is_a_reading(self) -> bool {
        self.0 >= EARLIEST_READING && self.0 <= LATEST_READING
    }

    /// The instant `span` later, to the whole millisecond below; saturates at the end of time.
    #[must_use]
    pub const fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(whole_millis(span)))
    }

    /// How long after `earlier` this is, in whole milliseconds; zero if it is not after it.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0))
    }
}

/// The whole milliseconds in a span; saturates.
#[allow(clippy::cast_possible_truncation, reason = "seen to fit, where `try_from` is not const")]
pub(crate) const fn whole_millis(span: Duration) -> u64 {
    let millis = span.as_millis();
    if millis > u64::MAX as u128 { u64::MAX } else { millis as u64 }
}

/// 2000-01-01T00:00:00.000Z in milliseconds.
const EARLIEST_READING: u64 = 946_684_800_000;

/// 9999-12-31T23:59:59.999Z in milliseconds.
const LATEST_READING: u64 = 253_402_300_799_999;

/// 9999-12-30T22:00:00Z in milliseconds: jiff's calendar ends within that second. Given here, so that
/// another release of jiff gives no instant another text.
const CALENDAR_ENDS: u64 = 253_402_207_200_000;

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC with milliseconds; an instant beyond that form as its number and ` ms`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_calendar = i64::try_from(self.0).ok().filter(|_| self.0 < CALENDAR_ENDS);
        match in_calendar.map(jiff::Timestamp::from_millisecond) {
            Some(Ok(at)) => write!(f, "{at:.3}"),
            _ => write!(f, "{} ms", self.0),
        }
    }
}

/// Why a text is no instant. It never contains the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("no instant from 1970 on: write it in UTC with milliseconds, as in 2026-11-22T09:30:00.000Z")]
pub struct ParseTimestampError;

impl FromStr for Timestamp {
    type Err = ParseTimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let millis = match text.strip_suffix(" ms") {
            Some(number) => number.parse().ok(),
            None => text.parse::<jiff::Timestamp>().ok().and_then(|at| at.as_millisecond().try_into().ok()),
        };
        // jiff reads many forms of ISO 8601, with any precision and offset: ours is what we write.
        millis.map(Self).filter(|at| at.to_string() == text).ok_or(ParseTimestampError)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = alloc::string::String::deserialize(deserializer)?;
            text.parse().map_err(serde::de::Error::custom)
        } else {
            u64::deserialize(deserializer).map(Self)
        }
    }
}

/// A span as the number of its milliseconds: serde's own form of a `Duration` has nanoseconds, which
/// the stored record does not.
#[cfg(feature = "serde")]
pub(crate) mod milliseconds {
    use core::time::Duration;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        u64::try_from(span.as_millis()).unwrap_or(u64::MAX).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }
}
