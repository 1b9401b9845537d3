//! One guess at a PIN, whatever for: charged, then counted or refunded.

use super::super::state::Account;
use super::super::words::Context;
use crate::id::{AttemptId, DeviceId};
use crate::pin::{ATTEMPT_LIMIT, Charge, PepperRing, Pin, Purpose, Settlement};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::{AnySession, Change};

impl Account {
    /// Charges an attempt against the credential of a device that passed its guards.
    pub(super) fn charge(
        &mut self,
        id: DeviceId,
        entry: &Pin,
        peppers: &PepperRing,
        (attempt, purpose): (AttemptId, Purpose),
        context: &Context<'_>,
    ) -> Result<Charge, Refusal> {
        let credential = &self.enrolment(id).ok_or(RefusalCode::AuthenticationRequired)?.credential;
        credential.usable(peppers)?;
        credential.fits(entry)?;
        let (binding, credential) = (self.binding(id), credential.clone());
        if self.charge_guess(id, attempt).is_err() {
            self.step(id, context, AnySession::exhaust)?;
            return Err(Refusal::because(RefusalCode::PinExhausted, Cause::GuessesInFlight));
        }
        Ok(Charge::new(attempt, binding, credential, entry.duplicate(), purpose))
    }

    /// Whether the settlement is a right PIN for the present credential, still in flight; if so it
    /// is refunded, together with the settled failures and nothing else.
    pub(super) fn succeeds(&mut self, id: DeviceId, settlement: &Settlement) -> bool {
        let opens = self.enrolment(id).is_some_and(|enrolment| settlement.opens(&enrolment.credential));
        opens && self.refund_guess(id, settlement.attempt())
    }

    /// Counts a wrong PIN once. The fifth wipes PIN and biometric in the same write (R13, R14).
    pub(super) fn settle_failure(
        &mut self,
        id: DeviceId,
        settlement: &Settlement,
        context: &Context<'_>,
    ) -> Refusal {
        let right = self.enrolment(id).is_some_and(|enrolment| settlement.opens(&enrolment.credential));
        let Some(failures) = self.count_failure(id, settlement.attempt()) else {
            // Settled by an earlier write of this very attempt; if it was right, the session that
            // it opened has been closed again since.
            let code = if right { RefusalCode::SessionRequired } else { RefusalCode::IncorrectPin };
            return Refusal::because(code, Cause::GuessOvertaken);
        };
        if failures >= ATTEMPT_LIMIT {
            let _exhausted = self.step(id, context, AnySession::exhaust);
            return RefusalCode::PinExhausted.into();
        }
        self.note(id, context, Change::PinRejected { failures });
        RefusalCode::IncorrectPin.into()
    }
}
