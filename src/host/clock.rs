//! The host's clock.

use crate::time::Timestamp;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time, or `None` if it is not known. It may run back: an account's time does not follow
    /// (E30). It may jump: an account follows by so much at most. Dangerous is a clock that is far ahead
    /// for long, since what it has let expire stays expired.
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
