//! The record and its invariants: the only place that changes a field. What may change one, and when,
//! is decided by the guards and the commands.

mod account;
mod attempts;
mod clock;
mod device;
mod ended;
mod ended_session;
mod find;
mod invitation;
mod next_step;
mod revocation;
mod sessions;
mod starts;
mod trail;
mod used_starts;

pub use account::{Account, WRITES_REMEMBERED};
pub(crate) use account::{RememberedWrite, Stored};
pub(in crate::account) use attempts::guesses_in_flight;
pub use device::Device;
pub use ended_session::ENDED_REMEMBERED;
pub(crate) use ended_session::EndedSession;
pub(crate) use used_starts::{STARTS_REMEMBERED, StartBegun, Starts, UsedStart};
