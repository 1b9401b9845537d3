//! Changing the PIN: the current one is entered, and counts as an attempt (E29).

use super::super::state::Account;
use super::super::words::{Context, Facts, PinChange, PinEntries};
use crate::pin::{Charge, PepperRing, PersonalWords, Purpose, Settlement};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::Change;

impl Account {
    /// Charges the attempt at the current PIN. The new PIN is judged before that and costs nothing
    /// if it is refused. `None` if this very request has changed the PIN before (D27).
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
        peppers: &PepperRing,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Option<Charge>, Refusal> {
        let id = self.open_session_to_raise(session, facts, context)?;
        if self.is_done(id, true, context)? {
            return Ok(None);
        }
        let PinChange { current, new: PinEntries { pin, confirmation }, attempt, credential, salt } = change;
        context.policy.pin().accept(pin, confirmation, personal)?;
        if current.same_as(pin) {
            return Err(RefusalCode::PinUnchanged.into());
        }
        let purpose = Purpose::Change { new: pin.duplicate(), id: *credential, salt: *salt };
        self.charge(id, current, peppers, (*attempt, purpose), context).map(Some)
    }

    /// Settles the attempt: a right PIN is replaced by the new one, the session goes on. Other
    /// guesses in flight stay charged, against the new PIN.
    ///
    /// # Errors
    /// As for [`settle_unlock`](Self::settle_unlock); the fifth wrong PIN ends the session.
    pub fn settle_change(
        &mut self,
        settlement: &Settlement,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        let id = self.guard_settlement(settlement, true, facts, context)?;
        let Some(new) = settlement.replacement().filter(|_| settlement.is_right()) else {
            return Err(self.settle_failure(id, settlement, context));
        };
        let request = self.refund_guess(id, settlement.attempt());
        self.replace_credential(id, new, request);
        self.note(id, context, Change::PinChanged);
        Ok(())
    }
}
