//! Unlocking by face or fingerprint.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{BiometricAssertion, Change, Command, OpenedBy, Opening};

impl Account {
    /// Unlocks by a recognised face or fingerprint (R27), or opens the open app anew (D26). The PIN's ledger is not touched, neither
    /// by success nor by failure (D05).
    ///
    /// # Errors
    /// A refusal in the order of the guards, then the state's; `BiometricUnavailable` if it is not
    /// enabled here, or if the baseline has changed or is missing, which also disables it (E28);
    /// `BiometricRejected` if the person was not recognised.
    pub fn unlock_with_biometric(
        &mut self,
        token: &DeviceToken,
        assertion: &BiometricAssertion,
        session: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let id = self.contact_to_raise(token, Command::UnlockWithBiometric, facts, context)?;
        let enrolment = self.enrolment(id).ok_or(RefusalCode::BiometricUnavailable)?;
        if let Err(refusal) = enrolment.biometrics().judge(assertion) {
            if refusal.cause() == Cause::BiometricBaselineChanged {
                self.set_baseline(id, assertion.modality, None);
                self.note(id, context, Change::BiometricBaselineChanged(assertion.modality));
            }
            return Err(refusal);
        }
        self.guard_new_session(session)?;
        let seen = self.now(context)?;
        let by = OpenedBy::Biometric(assertion.modality);
        let opening = Opening { seen, token: session.digest(), by, renewed: None };
        self.step(id, context, |session| session.unlock(opening))?;
        self.note_opening(id, seen, by);
        Ok(())
    }
}
