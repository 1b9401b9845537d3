//! Changing the PIN: the current one is entered, and counts as an attempt (E29).

use core::fmt;

use super::context::Raising;
use super::create_pin::PinEntries;
use super::state::Account;
use crate::id::{AttemptId, CredentialId};
use crate::pin::{Charge, PepperRing, PersonalWords, Pin, Purpose, Settlement};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::{Change, Step};

/// The current PIN and the new one, with what the attempt draws at random.
pub struct PinChange {
    /// The PIN as it is, to be compared.
    pub current: Pin,
    /// The new PIN, entered twice.
    pub new: PinEntries,
    /// The attempt's own id.
    pub attempt: AttemptId,
    /// The new credential's id.
    pub credential: CredentialId,
    /// The new credential's salt.
    pub salt: [u8; 16],
}

impl fmt::Debug for PinChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PinChange({:?})", self.attempt) // I13: the salt is secret
    }
}

impl Account {
    /// Charges the attempt at the current PIN. The new PIN is judged before that and costs nothing
    /// if it is refused.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; a refusal in the order of the guards;
    /// `PinUnchanged` if the new entry equals the current one; the PIN policy's refusal; then as
    /// for [`charge_unlock`](Self::charge_unlock).
    pub fn charge_change(
        &mut self,
        session: &SessionToken,
        change: &PinChange,
        personal: &PersonalWords,
        raising: &Raising<'_>,
        peppers: &PepperRing,
    ) -> Result<Charge, Refusal> {
        let id = self.open_session(session, raising)?;
        let PinChange { current, new: PinEntries { pin, confirmation }, attempt, credential, salt } = change;
        raising.moment.policy.pin().accept(pin, confirmation, personal)?;
        if current.same_as(pin) {
            return Err(RefusalCode::PinUnchanged.into());
        }
        let purpose = Purpose::Change { new: pin.duplicate(), id: *credential, salt: *salt };
        self.charge(id, current, raising, peppers, *attempt, purpose)
    }

    /// Settles the attempt: a right PIN is replaced by the new one, the session goes on. Other
    /// guesses in flight stay charged, against the new PIN.
    ///
    /// # Errors
    /// As for [`settle_unlock`](Self::settle_unlock); the fifth wrong PIN ends the session.
    pub fn settle_change(&mut self, settlement: &Settlement, raising: &Raising<'_>) -> Result<(), Refusal> {
        let id = self.guard_settlement(settlement, true)?;
        let replacement = settlement.replacement();
        let enrolment = self.device(id).and_then(|device| device.session.enrolment());
        let landed = replacement.as_ref().zip(enrolment);
        if landed.is_some_and(|(new, enrolment)| new.id() == enrolment.credential.id()) {
            return Ok(());
        }
        if !self.succeeds(id, settlement) {
            return Err(self.settle_failure(id, settlement, raising));
        }
        let enrolment = self.device_mut(id).and_then(|device| device.session.enrolment_mut());
        if let (Some(enrolment), Some(new)) = (enrolment, replacement) {
            enrolment.credential = new;
        }
        let changed = |session| Step { session, outcome: Ok(Some(Change::PinChanged)) };
        self.step(id, &raising.moment, changed).map(|_| ())
    }
}
