//! All devices of a person: list them, log one out, log all out.

use alloc::vec::Vec;

use super::builder::Gate;
use super::command::Command;
use super::driver::Stopped;
use super::error::GateError;
use super::writing::Start;
use crate::account::{Account, Context, DeviceLabel, DeviceSummary, RequestContext};
use crate::host::Host;
use crate::id::DeviceId;
use crate::secret::SessionToken;

impl<H: Host> Gate<H> {
    /// The person's devices, the oldest first.
    ///
    /// # Errors
    /// As for a [check](Self::check) of the session: seeing the list is a use of the app (R04, E23).
    pub async fn devices(
        &self,
        session: &SessionToken,
        request: &RequestContext,
    ) -> Result<Vec<DeviceSummary>, GateError> {
        let command = Command::new(session.person(), "devices", request);
        let (known, start) = self.know_from(command, Start::Load).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| account.devices(session, &facts, context);
        Ok(self.run_from(command, start, decide).await?)
    }

    /// Logs another device of the same person out.
    ///
    /// # Errors
    /// `SessionRequired`; `UnknownDevice`; or a failed part of the host.
    pub async fn log_out_device(
        &self,
        session: &SessionToken,
        device: DeviceId,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let command = Command::noted(session.person(), "log_out_device", request);
        self.run(command, |account, context| account.log_out_device(session, device, context)).await
    }

    /// Gives a device of the same person another label.
    ///
    /// # Errors
    /// As for a [check](Self::check) of the session; `UnknownDevice`; `AuditTrailFull`.
    pub async fn rename_device(
        &self,
        session: &SessionToken,
        device: DeviceId,
        label: DeviceLabel,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let command = Command::raising(session.person(), "rename_device", request);
        let (known, start) = self.know_from(command, Start::Load).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.rename_device(session, device, label.clone(), &facts, context)
        };
        Ok(self.run_from(command, start, decide).await?)
    }

    /// Logs the person out from all devices, this one included; to sign in again, the person has to
    /// be re-invited (R31, R33).
    ///
    /// # Errors
    /// `SessionRequired`: only from an open app (D17); or a failed part of the host.
    #[doc(alias = "revoke")]
    #[doc(alias = "sign out everywhere")]
    pub async fn log_out_everywhere(
        &self,
        session: &SessionToken,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        Ok(self.log_out_everywhere_from(Start::Load, session, request).await?)
    }

    pub(super) async fn log_out_everywhere_from(
        &self,
        start: Start,
        session: &SessionToken,
        request: &RequestContext,
    ) -> Result<(), Stopped> {
        let command = Command::noted(session.person(), "log_out_everywhere", request);
        self.run_from(command, start, |account, context| account.log_out_everywhere(session, context)).await
    }
}
