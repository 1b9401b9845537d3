//! The device sessions that ended last, remembered and looked up, so that a device which comes back is told why.

use super::super::words::{Context, EndReason, Ended};
use super::account::Account;
use super::ended_session::{ENDED_REMEMBERED, EndedSession};
use super::find::find;
use crate::secret::{DeviceToken, Digest};
use crate::session::Change;

/// What an accepted transition to `LoggedOut` is called to the device.
pub(super) const fn reason_of(change: Change) -> Option<EndReason> {
    match change {
        Change::LoggedOut(cause) => EndReason::of(cause),
        Change::Acknowledged => Some(EndReason::PinExhausted),
        _ => None,
    }
}

impl Account {
    /// Remembers that the device session with this token ended.
    pub(super) fn remember_end(&mut self, token: Digest, reason: EndReason, context: &Context<'_>) {
        let ended = &mut self.stored.ended;
        if ended.len() >= ENDED_REMEMBERED {
            ended.drain(..=ended.len().saturating_sub(ENDED_REMEMBERED));
        }
        let is_seen = !matches!(reason, EndReason::PinWindowPassed | EndReason::LifetimePassed);
        let at = context.reading().filter(|_| is_seen);
        ended.push(EndedSession { token, ended: Ended { at, reason } });
    }

    /// Why the device session with this token ended, if it is among the last. Every one is compared, in constant
    /// time.
    pub(in crate::account) fn ended(&self, token: &DeviceToken) -> Option<Ended> {
        let found = find(&self.stored.ended, token.digest(), |session| Some(&session.token));
        found.map(|session| session.ended)
    }

    /// How the device sessions that are remembered ended, the eldest first; which ones, the audit trail says. Devices
    /// that were logged out with all others are still [in the table](Self::device_sessions), and whose window has
    /// passed since the last command is, too.
    pub fn ended_sessions(&self) -> impl Iterator<Item = Ended> {
        self.stored.ended.iter().map(|session| session.ended)
    }

    /// Whether any is remembered.
    pub(in crate::account) const fn remembers_ends(&self) -> bool {
        !self.stored.ended.is_empty()
    }
}
