//! The enrolment of one device: its ledger of guesses, its credential, its biometrics.

use super::account::Account;
use crate::id::{AttemptId, DeviceId};
use crate::pin::{Credential, Exhausted};
use crate::session::{Baseline, Enrolment, Modality};

impl Account {
    /// What is enrolled on a device, where something is.
    pub(in crate::account) fn enrolment(&self, id: DeviceId) -> Option<&Enrolment> {
        self.device(id).and_then(|device| device.session.enrolment())
    }

    fn enrolment_mut(&mut self, id: DeviceId) -> Option<&mut Enrolment> {
        self.device_mut(id).and_then(|device| device.session.enrolment_mut())
    }

    /// Charges a guess.
    ///
    /// # Errors
    /// If five are charged already, or nothing is enrolled; then nothing has changed.
    pub(in crate::account) fn charge_guess(
        &mut self,
        id: DeviceId,
        attempt: AttemptId,
    ) -> Result<(), Exhausted> {
        self.enrolment_mut(id).ok_or(Exhausted)?.attempts.charge(attempt)?;
        self.changed = true;
        Ok(())
    }

    /// Refunds a right guess, together with the settled failures and nothing else; whether it was in
    /// flight.
    pub(in crate::account) fn refund_guess(&mut self, id: DeviceId, attempt: AttemptId) -> bool {
        let refunded = self.enrolment_mut(id).is_some_and(|enrolment| enrolment.attempts.succeed(attempt));
        self.changed |= refunded;
        refunded
    }

    /// Counts a wrong guess; how many failures are settled then, unless it was not in flight.
    pub(in crate::account) fn count_failure(&mut self, id: DeviceId, attempt: AttemptId) -> Option<u8> {
        let failures = self.enrolment_mut(id)?.attempts.fail(attempt);
        self.changed |= failures.is_some();
        failures
    }

    pub(in crate::account) fn replace_credential(&mut self, id: DeviceId, new: Credential) {
        if let Some(enrolment) = self.enrolment_mut(id) {
            enrolment.credential = new;
            self.changed = true;
        }
    }

    pub(in crate::account) fn set_baseline(
        &mut self,
        id: DeviceId,
        modality: Modality,
        baseline: Option<Baseline>,
    ) {
        if let Some(enrolment) = self.enrolment_mut(id) {
            enrolment.biometrics.set(modality, baseline);
            self.changed = true;
        }
    }
}
