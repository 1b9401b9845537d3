//! Whether a compared guess may still be answered.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::id::DeviceId;
use crate::pin::Settlement;
use crate::refusal::{Refusal, RefusalCode};

impl Account {
    /// The device on which a guess may be answered: it is in the ledger and not overtaken, and every guard
    /// lets it through, judged again. The same for a right and a wrong guess, so that nothing can be learnt
    /// from a guess without a verdict (D25, I12).
    ///
    /// # Errors
    /// `GuessOvertaken`, before the guards and after them, since a window that passed may lock; else the
    /// refusal of a guard, with which the guess stays charged until it is void.
    pub(in crate::account) fn guard_settlement(
        &mut self,
        settlement: &Settlement,
        changes_pin: bool,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = settlement.binding().device;
        self.note_contact(id);
        self.refuse_overtaken(settlement, changes_pin)?;
        self.guard(id, facts, context)?;
        // A window that has passed may have locked the open app.
        self.refuse_overtaken(settlement, changes_pin)?;
        Ok(id)
    }

    /// An overtaken guess gets no verdict, whatever it was, and its place in the ledger is free again.
    fn refuse_overtaken(&mut self, settlement: &Settlement, changes_pin: bool) -> Result<(), Refusal> {
        if self.may_answer(settlement, changes_pin) {
            return Ok(());
        }
        if settlement.binding().person == self.person() {
            self.discard_guess(settlement.binding().device, settlement.attempt());
        }
        Err(RefusalCode::GuessOvertaken.into())
    }

    /// A proof serves the account, device, credential and purpose for which it was made (E39).
    fn may_answer(&self, settlement: &Settlement, changes_pin: bool) -> bool {
        let binding = settlement.binding();
        let ledger = self.enrolment(binding.device).filter(|enrolment| {
            settlement.changes_pin() == changes_pin
                && binding == self.binding(binding.device)
                && enrolment.credential.id() == settlement.credential()
        });
        ledger
            .is_some_and(|enrolment| enrolment.attempts.in_flight.answerable(settlement.attempt()).is_some())
    }
}
