//! The list of devices, and logging out one other.

use alloc::vec::Vec;

use super::context::Moment;
use super::device::{Device, DeviceLabel};
use super::state::Account;
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::{LogOutCause, SessionState};
use crate::time::Timestamp;

/// A line of the list of devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSummary {
    /// What to name in order to log it out.
    pub id: DeviceId,
    /// What the person calls it.
    pub label: DeviceLabel,
    /// When it authenticated.
    pub created: Timestamp,
    /// When it was last opened, if ever.
    pub last_unlock: Option<Timestamp>,
    /// In which state it is.
    pub state: SessionState,
    /// Whether it is the one that asks.
    pub this_device: bool,
}

impl Account {
    /// The person's devices, the oldest first.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn devices(
        &mut self,
        session: &SessionToken,
        moment: &Moment<'_>,
    ) -> Result<Vec<DeviceSummary>, Refusal> {
        let this = self.live_session(session, moment)?;
        let ids: Vec<DeviceId> = self.devices.iter().map(|device| device.id).collect();
        for id in ids {
            // A device whose window has passed leaves the list.
            let _passed = self.apply_windows(id, moment);
        }
        let summary = |device: &Device| DeviceSummary {
            id: device.id,
            label: device.label.clone(),
            created: device.created,
            last_unlock: device.last_unlock,
            state: device.session.state(),
            this_device: device.id == this,
        };
        Ok(self.devices.iter().map(summary).collect())
    }

    /// Logs another device of the same account out. A revoked one stays revoked.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; `UnknownDevice` if there is no such
    /// device in this account.
    pub fn log_out_device(
        &mut self,
        session: &SessionToken,
        device: DeviceId,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        let this = self.live_session(session, moment)?;
        if self.device(device).is_none() {
            return Err(RefusalCode::UnknownDevice.into());
        }
        let cause = if device == this { LogOutCause::Asked } else { LogOutCause::FromAnotherDevice };
        self.end(device, moment, cause);
        Ok(())
    }
}
