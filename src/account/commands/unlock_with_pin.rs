//! Unlocking by PIN: charge, then compare.

use super::super::state::Account;
use super::super::words::{Context, Facts, UnlockAttempt};
use crate::pin::{Charge, PepperRing, Pin, Purpose, Settlement};
use crate::refusal::Refusal;
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Command, OpenedBy, Opening};

impl Account {
    /// Charges one PIN attempt (I12), to open the lock or to open the open app anew (D26). Write the account,
    /// then turn the charge into a permit.
    ///
    /// # Errors
    /// A refusal in the order of the guards, then the state's, then that of a request that was here before
    /// (D27), then what can be judged without comparing: an unusable credential, a wrong length. With five
    /// attempts charged already, settled or in flight: `GuessesInFlight`. None of these costs a try.
    #[expect(clippy::needless_pass_by_value, reason = "a draw is used up (E39)")]
    pub fn charge_unlock(
        &mut self,
        token: &DeviceToken,
        entry: &Pin,
        draw: UnlockAttempt,
        peppers: &PepperRing,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Charge, Refusal> {
        let id = self.contact_to_raise(token, Command::UnlockWithRightPin, facts, context)?;
        let _never_done_without_a_guess = self.is_done(id, false, context)?;
        let UnlockAttempt { attempt, salt } = draw;
        self.charge(id, entry, peppers, (attempt, Purpose::Unlock { salt }), context)
    }

    /// Settles a compared attempt at unlocking. A right one opens with the session token given; the
    /// person is told so only after this is written.
    ///
    /// # Errors
    /// `GuessOvertaken` if the guess may not be answered any more (D24, D25), a log-out from all devices
    /// included (E13); a refusal in the order of the guards, judged again; `IncorrectPin` for the first to
    /// the fourth wrong PIN (R12), `PinExhausted` for the fifth (R13). All but the last two tell nothing of
    /// the guess.
    pub fn settle_unlock(
        &mut self,
        settlement: &Settlement,
        session: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        let id = self.guard_settlement(settlement, false, facts, context)?;
        self.guard_new_session(session)?;
        if !settlement.is_right() {
            return Err(self.settle_failure(id, settlement, context));
        }
        let seen = self.now(context)?;
        let _request = self.refund_guess(id, settlement.attempt());
        let renewed = settlement.replacement();
        let opening = Opening { seen, token: session.digest(), by: OpenedBy::Pin, renewed };
        self.step(id, context, |session| session.unlock(opening))?;
        self.note_opening(id, seen, OpenedBy::Pin);
        Ok(())
    }
}
