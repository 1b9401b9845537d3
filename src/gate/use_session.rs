//! Using the app, locking it, opening it by biometric, leaving it.

use super::builder::Gate;
use super::command::Command;
use super::driver::Stopped;
use super::error::GateError;
use super::writing::Start;
use crate::access::{self, Channel};
use crate::account::{Account, Context, DeviceView, Grant, RequestContext, Wanted};
use crate::host::Host;
use crate::id::CompanyId;
use crate::people::Functions;
use crate::refusal::NextStep;
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Baseline, BiometricAssertion, Modality, SessionState};

impl<H: Host> Gate<H> {
    /// The per-request call of the app: is this session live, and may this person do this now? "Users and
    /// roles" is never granted here: see [`browser_check`](Self::browser_check) (R36). The directory is asked
    /// about the owner of the data too, if that is somebody else.
    ///
    /// # Errors
    /// `SessionRequired`; `UnsupportedDevice` (R04); a window that has passed; `NotEligible` or
    /// `NoChargeableService`; the refusal of the permission; or a failed part of the host.
    #[doc(alias = "authorize")]
    #[doc(alias = "session")]
    pub async fn check(
        &self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        request: &RequestContext,
    ) -> Result<Grant, GateError> {
        let command = Command::new(session.person(), "check", request);
        let owner = wanted.owner().unwrap_or(session.person());
        let (known, loaded) = self.beside_loading(command, self.know_for(command, owner)).await?;
        let facts = known.facts();
        let decide =
            |account: &mut Account, context: &Context<'_>| account.check(session, wanted, &facts, context);
        Ok(self.run_from(command, Start::Loaded(loaded), decide).await?)
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
        let command = Command::new(session.person(), "functions", request);
        let (known, start) = self.know_from(command, Start::Load).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.check(session, Wanted::session(), &facts, context)
        };
        let _live = self.run_from(command, start, decide).await?;
        let access = self.policy.access();
        Ok(access::functions_offered(facts.person, Channel::MobileApp, company, facts.dates, access))
    }

    /// How this device stands, and what the person does next: what the app shows when it starts.
    /// `PinExhausted` means that the message about too many wrong PINs is shown again (D06). An unknown
    /// device is logged out. Nothing is written, and no person is read.
    ///
    /// # Errors
    /// A failed part of the host; `Unavailable` for a record of a newer version.
    pub async fn device_view(
        &self,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<DeviceView, GateError> {
        let command = Command::noted(token.person(), "device_view", request);
        let peppers = &self.peppers;
        match self.look(command, |account, context| account.device_view(token, peppers, context)).await {
            // As it will be once an administrator has replaced the record: to be re-invited (E32).
            Err(GateError::Record(error)) if error.is_damage() => {
                Ok(DeviceView::without_pin(SessionState::RevokedAll, NextStep::AskForInvitation, None))
            }
            Err(error) => Err(self.reported(command, error).await),
            looked => looked,
        }
    }

    /// Lock (R26). Call it when the app is closed, too (D01). Locked already, or of a damaged record:
    /// unchanged (E01, E32).
    ///
    /// # Errors
    /// The state's refusal where there is no session to end; or a failed part of the host.
    pub async fn lock(&self, token: &DeviceToken, request: &RequestContext) -> Result<(), GateError> {
        let _locked_or_damaged = self.lock_from(Start::Load, token, request).await?;
        Ok(())
    }

    /// The same; whether it is locked now, and not of a damaged record.
    pub(super) async fn lock_from(
        &self,
        start: Start,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<bool, Stopped> {
        let command = Command::noted(token.person(), "lock", request);
        let decide =
            |account: &mut Account, context: &Context<'_>| account.lock(token, context).map(|()| true);
        self.run_from_unless_damaged(command, start, false, decide).await
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
        Ok(self.unlock_with_biometric_from(Start::Load, token, assertion, request).await?)
    }

    pub(super) async fn unlock_with_biometric_from(
        &self,
        start: Start,
        token: &DeviceToken,
        assertion: &BiometricAssertion,
        request: &RequestContext,
    ) -> Result<SessionToken, Stopped> {
        let command = Command::raising(token.person(), "unlock_with_biometric", request);
        let (known, start) = self.know_from(command, start).await?;
        let facts = known.facts();
        let session = SessionToken::from_secret(token.person(), &mut self.draw()?);
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.unlock_with_biometric(token, assertion, &session, &facts, context)
        };
        self.run_from(command, start, decide).await?;
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
        let command = Command::raising(session.person(), "enable_biometric", request);
        let (known, start) = self.know_from(command, Start::Load).await?;
        let facts = known.facts();
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.enable_biometric(session, modality, baseline, &facts, context)
        };
        Ok(self.run_from(command, start, decide).await?)
    }

    /// Disables face or fingerprint on this session's device. Not enabled: unchanged.
    ///
    /// # Errors
    /// `SessionRequired`; or a failed part of the host.
    pub async fn disable_biometric(
        &self,
        session: &SessionToken,
        modality: Modality,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let command = Command::noted(session.person(), "disable_biometric", request);
        self.run(command, |account, context| account.disable_biometric(session, modality, context)).await
    }

    /// "OK" to the message about too many wrong PINs (R15).
    ///
    /// # Errors
    /// `NothingToAcknowledge`; or a failed part of the host.
    pub async fn acknowledge(&self, token: &DeviceToken, request: &RequestContext) -> Result<(), GateError> {
        Ok(self.acknowledge_from(Start::Load, token, request).await?)
    }

    pub(super) async fn acknowledge_from(
        &self,
        start: Start,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<(), Stopped> {
        let command = Command::noted(token.person(), "acknowledge", request);
        self.run_from(command, start, |account, context| account.acknowledge(token, context)).await
    }

    /// Logs this device out (R29). Logged out already, unknown, or of a damaged record: unchanged. A
    /// revoked device stays revoked (E03).
    ///
    /// # Errors
    /// A failed part of the host.
    #[doc(alias = "logout")]
    #[doc(alias = "sign out")]
    pub async fn log_out(&self, token: &DeviceToken, request: &RequestContext) -> Result<(), GateError> {
        let _out = self.log_out_from(Start::Load, token, request).await?;
        Ok(())
    }

    /// The same; the answer is the state of the device after it.
    pub(super) async fn log_out_from(
        &self,
        start: Start,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<SessionState, Stopped> {
        let command = Command::noted(token.person(), "log_out", request);
        let decide = |account: &mut Account, context: &Context<'_>| Ok(account.log_out(token, context));
        self.run_from_unless_damaged(command, start, SessionState::RevokedAll, decide).await
    }

    /// Reports what the host found out about a device's integrity between requests. A modified one
    /// is logged out and wiped (E14); otherwise nothing changes.
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn report_integrity(
        &self,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        let command = Command::new(token.person(), "report_integrity", request);
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.report_integrity(token, context);
            Ok(())
        };
        self.run_unless_damaged(command, (), decide).await
    }
}
