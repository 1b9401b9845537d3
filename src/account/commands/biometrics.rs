//! Enabling and disabling face and fingerprint.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::{Baseline, Change, Enrolment, Modality, OpenedBy};

impl Account {
    /// Enables a biometric on the device of this session, with the baseline of today (R27). A
    /// session implies a PIN, so a biometric is never without one (E28). The session must have been opened
    /// by that PIN: whose finger opened it may add no other (D28).
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; a refusal in the order of the guards;
    /// `StepUpRequired` in a session that was opened by face or fingerprint.
    pub fn enable_biometric(
        &mut self,
        session: &SessionToken,
        modality: Modality,
        baseline: Baseline,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let id = self.open_session_to_raise(session, facts, context)?;
        let enabled = self.enrolment(id).map(Enrolment::biometrics);
        if enabled.and_then(|biometrics| biometrics.baseline(modality)) == Some(baseline) {
            return Ok(());
        }
        if self.opened_by(id) != Some(OpenedBy::Pin) {
            return Err(Refusal::because(RefusalCode::StepUpRequired, Cause::NotOpenedByPin));
        }
        self.set_baseline(id, modality, Some(baseline));
        self.note(id, context, Change::BiometricEnabled(modality));
        Ok(())
    }

    /// Disables a biometric on the device of this session. Not enabled: unchanged.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn disable_biometric(
        &mut self,
        session: &SessionToken,
        modality: Modality,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let id = self.open_session(session, context)?;
        if self.enrolment(id).is_some_and(|enrolment| enrolment.biometrics().enabled(modality)) {
            self.set_baseline(id, modality, None);
            self.note(id, context, Change::BiometricDisabled(modality));
        }
        Ok(())
    }

    /// By what the open session of a device was opened.
    pub(super) fn opened_by(&self, id: DeviceId) -> Option<OpenedBy> {
        self.device(id).and_then(|device| device.session().authenticated()).map(|open| open.opened_by)
    }
}
