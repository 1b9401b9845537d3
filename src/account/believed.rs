//! What an account believes of the host's clock (E30).

use super::context::Moment;
use crate::time::{Span, Timestamp};

/// The account's own time.
#[derive(Clone, Copy)]
pub(super) struct Believed {
    pub(super) at: Timestamp,
    /// How much of a jump forward was not believed.
    pub(super) disbelieved: Option<Span>,
}

impl Believed {
    /// The clock, held at the high-water mark when it runs back, and believed only so far when it
    /// jumps forward (E30). The jump is measured from the mark as it was last written, so that a
    /// command that changes much does not believe more than one that changes little. A new account
    /// believes its first reading.
    pub(super) fn of(moment: &Moment<'_>, high_water: Timestamp, written: Timestamp) -> Option<Self> {
        let now = moment.now?;
        let first_reading = written == Timestamp::from_unix_millis(0);
        let furthest = written.plus(moment.policy.clock_jump);
        if now > furthest && !first_reading {
            return Some(Self { at: furthest, disbelieved: Some(now.since(furthest)) });
        }
        Some(Self { at: now.max(high_water), disbelieved: None })
    }
}
