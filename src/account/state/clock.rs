//! What an account believes of the host's clock (E30).

use core::time::Duration;

use super::super::words::Context;
use super::account::Account;
use crate::refusal::{Refusal, RefusalCode};
use crate::time::Timestamp;

/// The account's own time.
#[derive(Clone, Copy)]
pub(in crate::account) struct Believed {
    pub(in crate::account) at: Timestamp,
    /// How far the clock is ahead of what is believed of it.
    pub(in crate::account) beyond: Option<Duration>,
}

impl Account {
    /// The clock, held at the high-water mark when it runs back, and believed only so far when it
    /// jumps forward (E30); `None` if it does not know the time. The jump is measured from the mark
    /// as it was last written, so that a command that changes much does not believe more than one
    /// that changes little. A new account believes its first reading.
    pub(in crate::account) fn believed(&self, context: &Context<'_>) -> Option<Believed> {
        let now = context.now?;
        let furthest = self.written_high_water.plus(context.policy.clock_jump());
        let first_reading = self.written_high_water == Timestamp::from_unix_millis(0);
        if now > furthest && !first_reading {
            return Some(Believed { at: furthest, beyond: Some(now.since(furthest)) });
        }
        Some(Believed { at: now.max(self.stored.high_water), beyond: None })
    }

    /// The account's own time for a command that needs one.
    pub(in crate::account) fn time(&self, context: &Context<'_>) -> Result<Timestamp, Refusal> {
        self.believed(context).map(|believed| believed.at).ok_or(RefusalCode::ClockUnavailable.into())
    }

    /// The account's own time for a command that must not fail for want of a clock.
    pub(in crate::account) fn time_or_latest(&self, context: &Context<'_>) -> Timestamp {
        self.believed(context).map_or(self.stored.high_water, |believed| believed.at)
    }
}
