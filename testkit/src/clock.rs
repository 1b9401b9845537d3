//! A clock that advances only when told.

use std::time::Duration;

use parking_lot::Mutex;

use pinlatch::host::Clock;
use pinlatch::time::Timestamp;

/// A clock under the test's hand.
#[derive(Debug)]
pub struct ManualClock(Mutex<Option<Timestamp>>);

impl Default for ManualClock {
    /// Noon of [`today`](crate::today), in UTC.
    fn default() -> Self {
        Self::at(Timestamp::from_unix_seconds(1_795_348_800))
    }
}

impl ManualClock {
    /// A clock that stands at `now`.
    #[must_use]
    pub const fn at(now: Timestamp) -> Self {
        Self(Mutex::new(Some(now)))
    }

    /// Goes forward.
    pub fn advance(&self, span: Duration) {
        let mut now = self.0.lock();
        *now = now.map(|now| now.plus(span));
    }

    /// Jumps to `now`, forward or back; `None` is a clock that does not know.
    pub fn set(&self, now: Option<Timestamp>) {
        *self.0.lock() = now;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Option<Timestamp> {
        *self.0.lock()
    }
}
