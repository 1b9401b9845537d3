//! Unlocking by PIN: charge, then compare.

use super::super::state::Account;
use super::super::words::{Context, Facts, UnlockAttempt};
use crate::pin::{Charge, PepperRing, Pin, Purpose, Settlement};
use crate::refusal::Refusal;
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Command, OpenedBy, Opening};

impl Account {
    /// Charges one PIN attempt (I12). Write the account, then turn the charge into a permit.
    ///
    /// # Errors
    /// A refusal in the order of the guards, then the state's, then what can be judged without
    /// comparing: an unusable credential, a wrong length. None of these costs a try. With five
    /// attempts charged already, settled or in flight: `PinExhausted`, and PIN and biometric are
    /// wiped.
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
        self.charge(id, entry, peppers, (draw.attempt, Purpose::Unlock { salt: draw.salt }), context)
    }

    /// Settles a compared attempt at unlocking. A right one opens with the session token given; the
    /// person is told so only after this is written. Deciding again, after a conflict or a lost
    /// reply, counts nothing twice.
    ///
    /// # Errors
    /// `IncorrectPin` for the first to the fourth wrong PIN (R12), `PinExhausted` for the fifth, or
    /// if the PIN was exhausted meanwhile (R13); otherwise the refusal of the state that the device
    /// is in by now: a log-out from all devices beats a concurrent unlock (E13).
    pub fn settle_unlock(
        &mut self,
        settlement: &Settlement,
        session: &SessionToken,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() {
            return Ok(());
        }
        let id = self.guard_settlement(settlement, false)?;
        if !self.succeeds(id, settlement) {
            return Err(self.settle_failure(id, settlement, context));
        }
        // Refunded even if the lock is open by now; then there is nothing left to unlock.
        self.admits(id, Command::UnlockWithRightPin)?;
        let at = self.time_or_latest(context);
        let by = OpenedBy::Pin(settlement.replacement());
        let opening = Opening { at, token: session.digest(), by };
        self.step(id, context, |session| session.unlock(opening))?;
        self.note_opening(id, at);
        Ok(())
    }
}
