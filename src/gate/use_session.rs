//! Using the app, locking it, opening it by biometric, leaving it.

use super::builder::Gate;
use super::error::GateError;
use crate::access::{self, Channel};
use crate::account::{Account, DeviceIntegrity, Grant, RequestContext, Wanted};
use crate::host::Host;
use crate::id::CompanyId;
use crate::people::Functions;
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Baseline, BiometricAssertion, Modality, SessionState};

impl<H: Host> Gate<H> {
    /// The per-request call: is this session live, and may this person do this now?
    ///
    /// # Errors
    /// `SessionRequired`; `UnsupportedDevice` (R04); a window that has passed; `NotEligible` or
    /// `NoChargeableService`; the refusal of the permission; or a failed part of the host.
    pub async fn check(
        &self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        request: &RequestContext,
    ) -> Result<Grant, GateError> {
        let command = self.command(session.person(), "check").noting(request);
        let known = self.know(command).await?;
        let (facts, context) = (known.facts(), self.context(command, request));
        self.run(command, |account| account.check(session, wanted, &facts, &context)).await
    }

    /// The functions to offer this person in this company today: the app's menu (R22, R23).
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    pub async fn functions(
        &self,
        session: &SessionToken,
        company: CompanyId,
        request: &RequestContext,
    ) -> Result<Functions, GateError> {
        let command = self.command(session.person(), "functions").noting(request);
        let known = self.know(command).await?;
        let (facts, context) = (known.facts(), self.context(command, request));
        let _live =
            self.run(command, |account| account.check(session, Wanted::Session, &facts, &context)).await?;
        let access = self.policy.access();
        Ok(access::functions_offered(facts.person, Channel::MobileApp, company, facts.dates, access))
    }

    /// In which state this device is: what the app shows when it starts. `PinExhausted` means that
    /// the message about too many wrong PINs is shown again (D06). An unknown device is logged out.
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn status(&self, token: &DeviceToken) -> Result<SessionState, GateError> {
        let command = self.command(token.person(), "status");
        let context = self.bare_context(command);
        self.run(command, |account| Ok(account.status(token, &context))).await
    }

    /// Lock (R26). Call it when the app is closed, too (D01). Locked already: unchanged (E01).
    ///
    /// # Errors
    /// The state's refusal where there is no session to end; or a failed part of the host.
    pub async fn lock(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "lock");
        let context = self.bare_context(command);
        self.run(command, |account| account.lock(token, &context)).await
    }

    /// Opens the lock by face or fingerprint (R27). The PIN's count of failures is not touched.
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards; `BiometricUnavailable` (E28);
    /// `BiometricRejected`; or a failed part of the host.
    pub async fn unlock_with_biometric(
        &self,
        token: &DeviceToken,
        assertion: &BiometricAssertion,
        request: &RequestContext,
    ) -> Result<SessionToken, GateError> {
        let command = self.raising_command(token.person(), "unlock_with_biometric").noting(request);
        let known = self.know(command).await?;
        let (facts, context) = (known.facts(), self.context(command, request));
        let session = SessionToken::from_secret(token.person(), &mut self.draw()?);
        let decide = |account: &mut Account| {
            account.unlock_with_biometric(token, assertion, &session, &facts, &context)
        };
        self.run(command, decide).await?;
        Ok(session)
    }

    /// Enables face or fingerprint on this session's device, with the baseline of today.
    ///
    /// # Errors
    /// `SessionRequired`; [`GateError::Refused`] in the order of the guards; or a failed part of
    /// the host.
    pub async fn enable_biometric(
        &self,
        session: &SessionToken,
        modality: Modality,
        baseline: Baseline,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let command = self.raising_command(session.person(), "enable_biometric").noting(request);
        let known = self.know(command).await?;
        let (facts, context) = (known.facts(), self.context(command, request));
        let decide =
            |account: &mut Account| account.enable_biometric(session, modality, baseline, &facts, &context);
        self.run(command, decide).await
    }

    /// Disables face or fingerprint on this session's device. Not enabled: unchanged.
    ///
    /// # Errors
    /// `SessionRequired`; or a failed part of the host.
    pub async fn disable_biometric(
        &self,
        session: &SessionToken,
        modality: Modality,
    ) -> Result<(), GateError> {
        let command = self.command(session.person(), "disable_biometric");
        let context = self.bare_context(command);
        self.run(command, |account| account.disable_biometric(session, modality, &context)).await
    }

    /// "OK" to the message about too many wrong PINs (R15).
    ///
    /// # Errors
    /// `NothingToAcknowledge`; or a failed part of the host.
    pub async fn acknowledge(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "acknowledge");
        let context = self.bare_context(command);
        self.run(command, |account| account.acknowledge(token, &context)).await
    }

    /// Logs this device out (R29). Logged out already, or unknown: unchanged. A revoked device
    /// stays revoked (E03).
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn log_out(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "log_out");
        let context = self.bare_context(command);
        let decide = |account: &mut Account| {
            account.log_out(token, &context);
            Ok(())
        };
        self.run(command, decide).await
    }

    /// Reports what the host found out about a device's integrity between requests. A modified one
    /// is logged out and wiped (E14); otherwise nothing changes.
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn report_integrity(
        &self,
        token: &DeviceToken,
        integrity: DeviceIntegrity,
    ) -> Result<(), GateError> {
        let command = self.command(token.person(), "report_integrity");
        let context = self.context(command, &RequestContext::new(integrity));
        let decide = |account: &mut Account| {
            account.report_integrity(token, &context);
            Ok(())
        };
        self.run(command, decide).await
    }
}
