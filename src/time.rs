//! Instants as the crate's own numbers of unix milliseconds. The spans between them are
//! [`core::time::Duration`]s.
//!
//! Nothing here reads a clock. Additions saturate and subtractions stop at zero, so that a clock
//! that runs back or a policy near the end of time grants nothing and panics nowhere.

use core::fmt;
use core::time::Duration;

/// An instant: milliseconds since 1970-01-01T00:00:00Z, leap seconds ignored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
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

impl fmt::Display for Timestamp {
    /// ISO 8601 in UTC with milliseconds; an instant beyond the year 9999 as its plain number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match i64::try_from(self.0).ok().map(jiff::Timestamp::from_millisecond) {
            Some(Ok(at)) => write!(f, "{at:.3}"),
            _ => write!(f, "{} ms", self.0),
        }
    }
}
