//! Face and fingerprint: enabling, disabling, unlocking.

use super::context::{Moment, Raising};
use super::state::Account;
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{
    AnySession, Baseline, BiometricAssertion, Change, Command, Modality, OpenedBy, Opening, Step,
};

/// What the device reports of a biometric attempt to unlock.
pub type BiometricUnlock = BiometricAssertion;

impl Account {
    /// Enables a biometric on the device of this session, with the baseline of today (R27). A
    /// session implies a PIN, so a biometric is never without one (E28).
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; a refusal in the order of the guards.
    pub fn enable_biometric(
        &mut self,
        session: &SessionToken,
        modality: Modality,
        baseline: Baseline,
        raising: &Raising<'_>,
    ) -> Result<(), Refusal> {
        let id = self.open_session(session, raising)?;
        if self.baseline(id, modality) == Some(baseline) {
            return Ok(());
        }
        self.set_baseline(id, modality, Some(baseline));
        self.note_change(id, &raising.moment, Change::BiometricEnabled(modality))
    }

    /// Disables a biometric on the device of this session. Not enabled: unchanged.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn disable_biometric(
        &mut self,
        session: &SessionToken,
        modality: Modality,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        let id = self.live_session(session, moment)?;
        if self.baseline(id, modality).is_none() {
            return Ok(());
        }
        self.set_baseline(id, modality, None);
        self.note_change(id, moment, Change::BiometricDisabled(modality))
    }

    /// Unlocks by a recognised face or fingerprint (R27). The PIN's ledger is not touched, neither
    /// by success nor by failure (D05).
    ///
    /// # Errors
    /// A refusal in the order of the guards, then the state's; `BiometricUnavailable` if it is not
    /// enabled here, or if the baseline has changed or is missing, which also disables it (E28);
    /// `BiometricRejected` if the person was not recognised.
    pub fn unlock_with_biometric(
        &mut self,
        token: &DeviceToken,
        assertion: &BiometricUnlock,
        raising: &Raising<'_>,
        session: &SessionToken,
    ) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() {
            return Ok(());
        }
        let id = self.find_for_raising(token, raising)?;
        self.guard(id, raising)?;
        self.admits(id, Command::UnlockWithBiometric)?;
        let enrolment = self.device(id).and_then(|device| device.session.enrolment());
        let judged = enrolment.map_or(Err(RefusalCode::BiometricUnavailable.into()), |enrolment| {
            enrolment.biometrics.judge(assertion)
        });
        if let Err(refusal) = judged {
            if refusal.cause() == Cause::BiometricBaselineChanged {
                self.set_baseline(id, assertion.modality, None);
                self.note_change(id, &raising.moment, Change::BiometricBaselineChanged(assertion.modality))?;
            }
            return Err(refusal);
        }
        let at = self.time(&raising.moment)?;
        let opening = Opening { at, token: session.digest(), by: OpenedBy::Biometric(assertion.modality) };
        self.step(id, &raising.moment, |session| session.unlock(opening))?;
        self.note_opening(id, at);
        Ok(())
    }

    fn baseline(&self, id: DeviceId, modality: Modality) -> Option<Baseline> {
        let enrolment = self.device(id).and_then(|device| device.session.enrolment())?;
        enrolment.biometrics.baseline(modality)
    }

    fn set_baseline(&mut self, id: DeviceId, modality: Modality, baseline: Option<Baseline>) {
        if let Some(enrolment) = self.device_mut(id).and_then(|device| device.session.enrolment_mut()) {
            enrolment.biometrics.set(modality, baseline);
        }
    }

    /// Records a change within a state.
    fn note_change(&mut self, id: DeviceId, moment: &Moment<'_>, change: Change) -> Result<(), Refusal> {
        let noted = |session: AnySession| Step { session, outcome: Ok(Some(change)) };
        self.step(id, moment, noted).map(|_| ())
    }
}
