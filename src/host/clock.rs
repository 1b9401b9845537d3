//! The host's clock.

use crate::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time, or `None` if it is not known; a reading outside the years 2000 to 9999 is none. An account
    /// counts what elapses between readings (D23): a clock that is set back revives nothing, and time is
    /// counted on from the new reading. Dangerous is a clock that jumps ahead, since what it has let expire
    /// stays expired; merely unpleasant are hosts whose clocks differ by more than the skew.
    fn now(&self) -> Option<Timestamp>;
}

/// The system's clock; it does not know the time if that lies before 1970.
#[cfg(feature = "std")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

#[cfg(feature = "std")]
impl Clock for SystemClock {
    fn now(&self) -> Option<Timestamp> {
        let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
        u64::try_from(since_1970.as_millis()).ok().map(Timestamp::from_unix_millis)
    }
}
