//! The list of devices, and logging out one other.

use alloc::vec::Vec;

use super::super::state::{Account, Device};
use super::super::words::{Context, DeviceSummary, Facts};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::{LogOutCause, SessionState};

impl Account {
    /// The person's devices, the oldest first.
    ///
    /// # Errors
    /// As for a [check](Self::check): seeing the list is a use of the app (R04, E23).
    pub fn devices(
        &mut self,
        session: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Vec<DeviceSummary>, Refusal> {
        let this = self.open_session_to_use(session, facts, context)?;
        // A device whose window has passed leaves the list.
        self.apply_all_windows(context);
        Ok(self.summaries(Some(this)))
    }

    /// The list of devices, as it is shown: without those that a log-out from all devices revoked, for so
    /// long as the bar stands (E03).
    pub(super) fn summaries(&self, this: Option<DeviceId>) -> Vec<DeviceSummary> {
        let summary = |device: &Device| DeviceSummary {
            id: device.id(),
            label: device.label().clone(),
            created: device.created(),
            last_opened: device.last_opened(),
            state: self.state_of(device),
            this_device: Some(device.id()) == this,
        };
        let is_listed = |device: &&Device| self.state_of(device) != SessionState::RevokedAll;
        self.device_sessions().iter().filter(is_listed).map(summary).collect()
    }

    /// Logs another device of the same account out.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; `UnknownDevice` if there is no such
    /// device in this account.
    pub fn log_out_device(
        &mut self,
        session: &SessionToken,
        device: DeviceId,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let this = self.open_session(session, context)?;
        let cause = if device == this { LogOutCause::Asked } else { LogOutCause::FromAnotherDevice };
        self.log_out_row(device, cause, context)
    }

    /// Logs out a device that is in the list. One that was revoked before the bar was lifted is logged out
    /// already: it leaves the list (E03).
    pub(super) fn log_out_row(
        &mut self,
        id: DeviceId,
        cause: LogOutCause,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let device = self.device(id).ok_or(RefusalCode::UnknownDevice)?;
        match self.state_of(device) {
            SessionState::LoggedOut => self.remove_row(id),
            _ => self.end(id, context, cause),
        }
        Ok(())
    }
}
