//! One guess at a PIN, whatever for: charged, then counted or refunded.

use super::super::state::{Account, guesses_in_flight};
use super::super::words::Context;
use crate::id::{AttemptId, DeviceId};
use crate::pin::{ATTEMPT_LIMIT, Charge, PepperRing, Pin, Purpose, Repeated, Settlement};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::{AnySession, Change};

impl Account {
    /// Whether this request has done its work already: it has changed the PIN. A request that is here again
    /// is not another guess (D27).
    ///
    /// # Errors
    /// `IncorrectPin` if it was answered so; `GuessesInFlight` if it has no answer yet.
    pub(super) fn is_done(
        &self,
        id: DeviceId,
        changes_pin: bool,
        context: &Context<'_>,
    ) -> Result<bool, Refusal> {
        let attempts = self.enrolment(id).map(|enrolment| &enrolment.attempts);
        let known = context.request.request.zip(attempts);
        match known.and_then(|(request, attempts)| attempts.repeated(request, changes_pin)) {
            None => Ok(false),
            Some(Repeated::HasChangedThePin) => Ok(true),
            Some(Repeated::AnsweredWrong) => Err(RefusalCode::IncorrectPin.into()),
            Some(Repeated::InFlight { charged }) => {
                Err(guesses_in_flight(charged, self.present(context), context))
            }
        }
    }

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
        if purpose.repeats_a_draw_of(credential) {
            return Err(DRAW_REPEATED);
        }
        let (binding, credential) = (self.binding(id), credential.clone());
        self.charge_guess(id, attempt, context.request.request, context)?;
        Ok(Charge::new(attempt, binding, credential, entry.duplicate(), purpose))
    }

    /// Counts a wrong PIN that may be answered. The fifth wipes PIN and biometric in the same write (R13,
    /// R14).
    pub(super) fn settle_failure(
        &mut self,
        id: DeviceId,
        settlement: &Settlement,
        context: &Context<'_>,
    ) -> Refusal {
        let Some(failures) = self.count_failure(id, settlement.attempt()) else {
            return RefusalCode::GuessOvertaken.into();
        };
        if failures >= ATTEMPT_LIMIT {
            let _exhausted = self.step(id, context, AnySession::exhaust);
            return RefusalCode::PinExhausted.into();
        }
        self.note(id, context, Change::PinRejected { failures });
        RefusalCode::IncorrectPin.into()
    }
}

/// A draw that the record knows already (E39).
pub(super) const DRAW_REPEATED: Refusal = Refusal::because(RefusalCode::Unavailable, Cause::DrawRepeated);
