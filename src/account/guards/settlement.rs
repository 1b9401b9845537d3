//! Whether a compared guess can still be settled.

use super::super::state::Account;
use crate::id::DeviceId;
use crate::pin::Settlement;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::SessionState;

impl Account {
    /// The guess must have been made for this purpose, and the device must still be there, at the
    /// generation for which the guess was charged, with a PIN to settle it on.
    pub(in crate::account) fn guard_settlement(
        &self,
        settlement: &Settlement,
        changes_pin: bool,
    ) -> Result<DeviceId, Refusal> {
        let binding = settlement.binding();
        let overtaken = |code| Err(Refusal::because(code, Cause::GuessOvertaken));
        if settlement.changes_pin() != changes_pin {
            return overtaken(RefusalCode::SessionRequired);
        }
        let Some(device) = self.device(binding.device).filter(|_| binding.person == self.person()) else {
            return overtaken(RefusalCode::AuthenticationRequired);
        };
        match device.session().state() {
            SessionState::Authenticated | SessionState::Locked => {}
            SessionState::RevokedAll => return overtaken(RefusalCode::ReinvitationRequired),
            SessionState::PinExhausted => return overtaken(RefusalCode::PinExhausted),
            SessionState::LoggedOut | SessionState::PinPending => {
                return overtaken(RefusalCode::AuthenticationRequired);
            }
        }
        if device.session().generation() != binding.generation {
            return overtaken(RefusalCode::AuthenticationRequired);
        }
        Ok(device.id())
    }
}
