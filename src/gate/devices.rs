//! All devices of a person: list them, log one out, log all out.

use alloc::vec::Vec;

use super::builder::Gate;
use super::error::GateError;
use crate::account::DeviceSummary;
use crate::host::{Clock, Directory, Journal, Offload, Randomness, Store};
use crate::id::DeviceId;
use crate::secret::SessionToken;

impl<S: Store, C: Clock, D: Directory, J: Journal, O: Offload, R: Randomness> Gate<S, C, D, J, O, R> {
    /// The person's devices, the oldest first.
    ///
    /// # Errors
    /// `SessionRequired`; or a failed part of the host.
    pub async fn devices(&self, session: &SessionToken) -> Result<Vec<DeviceSummary>, GateError> {
        let command = self.command(session.person(), "devices");
        let moment = self.moment(command);
        self.run(command, |account| account.devices(session, &moment)).await
    }

    /// Logs another device of the same person out.
    ///
    /// # Errors
    /// `SessionRequired`; `UnknownDevice`; or a failed part of the host.
    pub async fn log_out_device(&self, session: &SessionToken, device: DeviceId) -> Result<(), GateError> {
        let command = self.command(session.person(), "log_out_device");
        let moment = self.moment(command);
        self.run(command, |account| account.log_out_device(session, device, &moment)).await
    }

    /// Logs the person out from all devices, this one included; to sign in again, the person has to
    /// be re-invited (R31, R33).
    ///
    /// # Errors
    /// `SessionRequired`: only from an open app (D17); or a failed part of the host.
    pub async fn log_out_everywhere(&self, session: &SessionToken) -> Result<(), GateError> {
        let command = self.command(session.person(), "log_out_everywhere");
        let moment = self.moment(command);
        self.run(command, |account| account.log_out_everywhere(session, &moment)).await
    }
}
