//! Using the app, locking it, opening it by biometric, leaving it.

use super::builder::Gate;
use super::error::GateError;
use crate::access::{self, Channel};
use crate::account::{Account, BiometricUnlock, DeviceIntegrity, Grant, Wanted};
use crate::host::{Clock, Directory, Journal, Offload, Randomness, Store};
use crate::id::CompanyId;
use crate::people::Functions;
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Baseline, Modality, SessionState};

impl<S: Store, C: Clock, D: Directory, J: Journal, O: Offload, R: Randomness> Gate<S, C, D, J, O, R> {
    /// The per-request call: is this session live, and may this person do this now?
    ///
    /// # Errors
    /// `SessionRequired`; `UnsupportedDevice` (R04); a window that has passed; `NotEligible` or
    /// `NoChargeableService`; the refusal of the permission; or a failed part of the host.
    pub async fn check(
        &self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        integrity: DeviceIntegrity,
    ) -> Result<Grant, GateError> {
        let command = self.command(session.person(), "check");
        let known = self.know(command).await?;
        let raising = self.raising(command, integrity, known.facts());
        let loaded = match self.load_bytes(command).await {
            Ok(loaded) => loaded,
            Err(error) => return Err(self.reported(command, error).await),
        };
        let bytes = loaded.as_ref().map(|loaded| loaded.bytes.as_slice()).unwrap_or_default();
        if let Some(grant) = Account::check_stored(bytes, session, wanted, &raising) {
            return Ok(grant);
        }
        let held = match Self::held(command, loaded) {
            Ok(held) => held,
            Err(error) => return Err(self.reported(command, error).await),
        };
        let decide = |account: &mut Account| account.check(session, wanted, &raising);
        self.run_from(command, Some(held), decide).await.map(|(grant, _)| grant)
    }

    /// The functions to offer this person in this company today: the app's menu (R22, R23).
    ///
    /// # Errors
    /// As for [`check`](Self::check).
    pub async fn functions(
        &self,
        session: &SessionToken,
        company: CompanyId,
        integrity: DeviceIntegrity,
    ) -> Result<Functions, GateError> {
        let command = self.command(session.person(), "functions");
        let known = self.know(command).await?;
        let raising = self.raising(command, integrity, known.facts());
        let _live = self.run(command, |account| account.check(session, Wanted::Session, &raising)).await?;
        let access = self.policy.access();
        Ok(access::functions_offered(known.person(), Channel::MobileApp, company, known.dates(), access))
    }

    /// In which state this device is: what the app shows when it starts. `PinExhausted` means that
    /// the message about too many wrong PINs is shown again (D06). An unknown device is logged out.
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn status(&self, token: &DeviceToken) -> Result<SessionState, GateError> {
        let command = self.command(token.person(), "status");
        let moment = self.moment(command);
        self.run(command, |account| Ok(account.status(token, &moment))).await
    }

    /// Lock (R26). Call it when the app is closed, too (D01). Locked already: unchanged (E01).
    ///
    /// # Errors
    /// The state's refusal where there is no session to end; or a failed part of the host.
    pub async fn lock(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "lock");
        let moment = self.moment(command);
        self.run(command, |account| account.lock(token, &moment)).await
    }

    /// Opens the lock by face or fingerprint (R27). The PIN's count of failures is not touched.
    ///
    /// # Errors
    /// [`GateError::Refused`] in the order of the guards; `BiometricUnavailable` (E28);
    /// `BiometricRejected`; or a failed part of the host.
    pub async fn unlock_with_biometric(
        &self,
        token: &DeviceToken,
        assertion: &BiometricUnlock,
        integrity: DeviceIntegrity,
    ) -> Result<SessionToken, GateError> {
        let command = self.command(token.person(), "unlock_with_biometric");
        let known = self.know(command).await?;
        let raising = self.raising(command, integrity, known.facts());
        let session = SessionToken::from_secret(token.person(), &mut self.draw()?);
        self.run(command, |account| account.unlock_with_biometric(token, assertion, &raising, &session))
            .await?;
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
        integrity: DeviceIntegrity,
    ) -> Result<(), GateError> {
        let command = self.command(session.person(), "enable_biometric");
        let known = self.know(command).await?;
        let raising = self.raising(command, integrity, known.facts());
        self.run(command, |account| account.enable_biometric(session, modality, baseline, &raising)).await
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
        let moment = self.moment(command);
        self.run(command, |account| account.disable_biometric(session, modality, &moment)).await
    }

    /// "OK" to the message about too many wrong PINs (R15).
    ///
    /// # Errors
    /// `NothingToAcknowledge`; or a failed part of the host.
    pub async fn acknowledge(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "acknowledge");
        let moment = self.moment(command);
        self.run(command, |account| account.acknowledge(token, &moment)).await
    }

    /// Logs this device out (R29). Logged out already, or unknown: unchanged. A revoked device
    /// stays revoked (E03).
    ///
    /// # Errors
    /// A failed part of the host.
    pub async fn log_out(&self, token: &DeviceToken) -> Result<(), GateError> {
        let command = self.command(token.person(), "log_out");
        let moment = self.moment(command);
        let decide = |account: &mut Account| {
            account.log_out(token, &moment);
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
        let moment = self.moment(command);
        let decide = |account: &mut Account| {
            account.report_integrity(token, integrity, &moment);
            Ok(())
        };
        self.run(command, decide).await
    }
}
