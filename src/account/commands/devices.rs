//! The list of devices, and logging out one other.

use alloc::vec::Vec;

use super::super::state::{Account, Device};
use super::super::words::{Context, DeviceSummary};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::LogOutCause;

impl Account {
    /// The person's devices, the oldest first.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn devices(
        &mut self,
        session: &SessionToken,
        context: &Context<'_>,
    ) -> Result<Vec<DeviceSummary>, Refusal> {
        let this = self.open_session(session, context)?;
        let ids: Vec<DeviceId> = self.device_sessions().iter().map(Device::id).collect();
        for id in ids {
            // A device whose window has passed leaves the list.
            let _passed = self.apply_windows(id, context);
        }
        let summary = |device: &Device| DeviceSummary {
            id: device.id(),
            label: device.label().clone(),
            created: device.created(),
            last_unlock: device.last_unlock(),
            state: device.session().state(),
            this_device: device.id() == this,
        };
        Ok(self.device_sessions().iter().map(summary).collect())
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
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let this = self.open_session(session, context)?;
        if self.device(device).is_none() {
            return Err(RefusalCode::UnknownDevice.into());
        }
        let cause = if device == this { LogOutCause::Asked } else { LogOutCause::FromAnotherDevice };
        self.end(device, context, cause);
        Ok(())
    }
}
