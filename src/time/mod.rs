//! Instants, and an account's own timeline.
//!
//! An instant ([`Timestamp`]) is what a clock read. A [`Moment`] is a point on the timeline of one
//! account: how much time has passed for it, whatever the clocks of its hosts did meanwhile (D23). Windows
//! are measured between moments, never between readings. The spans are [`core::time::Duration`]s.
//!
//! Nothing here reads a clock. Additions saturate and subtractions stop at zero, so that a clock
//! that runs back or a policy near the end of time grants nothing and panics nowhere.

mod timeline;
mod timestamp;

pub use timeline::Moment;
pub(crate) use timeline::{Begun, Seen, Timeline};
#[cfg(feature = "serde")]
pub(crate) use timestamp::milliseconds;
pub(crate) use timestamp::whole_millis;
pub use timestamp::{ParseTimestampError, Timestamp};
