//! The error of a part that is down.

/// The simulated outage of a part: `set_down(true)` was called on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("simulated outage")]
pub struct Unavailable;
