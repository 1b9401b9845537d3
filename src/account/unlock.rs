//! Unlocking by PIN: pay, then look.

use core::fmt;

use super::context::Raising;
use super::state::Account;
use crate::id::{AttemptId, DeviceId};
use crate::pin::{ATTEMPT_LIMIT, Charge, PepperRing, Pin, Purpose, Settlement};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{AnySession, Change, Command, OpenedBy, Opening, SessionState, Step};

/// What a PIN attempt draws at random before it is charged.
#[derive(Clone, Copy)]
pub struct UnlockAttempt {
    /// The attempt's own id.
    pub attempt: AttemptId,
    /// A salt, in case the stored hash is outdated and has to be renewed.
    pub salt: [u8; 16],
}

impl fmt::Debug for UnlockAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnlockAttempt({:?})", self.attempt) // I13: the salt is secret
    }
}

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
        raising: &Raising<'_>,
        peppers: &PepperRing,
        draw: UnlockAttempt,
    ) -> Result<Charge, Refusal> {
        let id = self.find_for_raising(token, raising)?;
        self.guard(id, raising)?;
        self.admits(id, Command::UnlockWithRightPin)?;
        self.charge(id, entry, raising, peppers, draw.attempt, Purpose::Unlock { salt: draw.salt })
    }

    /// Charges an attempt of whatever purpose against the credential of a device that passed its
    /// guards.
    pub(super) fn charge(
        &mut self,
        id: DeviceId,
        entry: &Pin,
        raising: &Raising<'_>,
        peppers: &PepperRing,
        attempt: AttemptId,
        purpose: Purpose,
    ) -> Result<Charge, Refusal> {
        let binding = self.binding(id);
        let enrolment = self.device_mut(id).and_then(|device| device.session.enrolment_mut());
        let Some(enrolment) = enrolment else {
            return Err(RefusalCode::AuthenticationRequired.into());
        };
        enrolment.credential.usable(peppers)?;
        enrolment.credential.fits(entry)?;
        let credential = enrolment.credential.clone();
        if enrolment.attempts.charge(attempt).is_err() {
            self.step(id, &raising.moment, AnySession::exhaust)?;
            return Err(Refusal::because(RefusalCode::PinExhausted, Cause::GuessesInFlight));
        }
        self.changed = true;
        Ok(Charge::new(attempt, binding, credential, entry.duplicate(), purpose))
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
        raising: &Raising<'_>,
        session: &SessionToken,
    ) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() {
            return Ok(());
        }
        let id = self.guard_settlement(settlement, false)?;
        if !self.succeeds(id, settlement) {
            return Err(self.settle_failure(id, settlement, raising));
        }
        // Refunded even if the lock is open by now; then there is nothing left to unlock.
        self.admits(id, Command::UnlockWithRightPin)?;
        let at = self.time_or_latest(&raising.moment);
        let by = OpenedBy::Pin(settlement.replacement());
        let opening = Opening { at, token: session.digest(), by };
        self.step(id, &raising.moment, |session| session.unlock(opening))?;
        self.note_opening(id, at);
        Ok(())
    }

    /// The guess must have been made for this purpose, and the device must still be there, at the generation for which the guess was charged, with a
    /// PIN to settle it on.
    pub(super) fn guard_settlement(
        &self,
        settlement: &Settlement,
        changes_pin: bool,
    ) -> Result<DeviceId, Refusal> {
        let binding = settlement.binding();
        let overtaken = |code| Err(Refusal::because(code, Cause::GuessOvertaken));
        if settlement.changes_pin() != changes_pin {
            return overtaken(RefusalCode::SessionRequired);
        }
        let Some(device) = self.device(binding.device).filter(|_| binding.person == self.person) else {
            return overtaken(RefusalCode::AuthenticationRequired);
        };
        match device.session.state() {
            SessionState::Authenticated | SessionState::Locked => {}
            SessionState::RevokedAll => return overtaken(RefusalCode::ReinvitationRequired),
            SessionState::PinExhausted => return overtaken(RefusalCode::PinExhausted),
            SessionState::LoggedOut | SessionState::PinPending => {
                return overtaken(RefusalCode::AuthenticationRequired);
            }
        }
        if device.session.generation() != binding.generation {
            return overtaken(RefusalCode::AuthenticationRequired);
        }
        Ok(device.id)
    }

    /// Whether the settlement is a right PIN for the present credential, still in flight; if so it
    /// is refunded, together with the settled failures and nothing else.
    pub(super) fn succeeds(&mut self, id: DeviceId, settlement: &Settlement) -> bool {
        let enrolment = self.device_mut(id).and_then(|device| device.session.enrolment_mut());
        let refunded = enrolment.is_some_and(|enrolment| {
            settlement.opens(&enrolment.credential) && enrolment.attempts.succeed(settlement.attempt())
        });
        self.changed |= refunded;
        refunded
    }

    /// Counts a wrong PIN once. The fifth wipes PIN and biometric in the same write (R13, R14).
    pub(super) fn settle_failure(
        &mut self,
        id: DeviceId,
        settlement: &Settlement,
        raising: &Raising<'_>,
    ) -> Refusal {
        let enrolment = self.device_mut(id).and_then(|device| device.session.enrolment_mut());
        let right = enrolment.as_ref().is_some_and(|enrolment| settlement.opens(&enrolment.credential));
        let failures = enrolment.and_then(|enrolment| enrolment.attempts.fail(settlement.attempt()));
        let Some(failures) = failures else {
            // Settled by an earlier write of this very attempt; if it was right, the session that
            // it opened has been closed again since.
            let code = if right { RefusalCode::SessionRequired } else { RefusalCode::IncorrectPin };
            return Refusal::because(code, Cause::GuessOvertaken);
        };
        let exhausted = failures >= ATTEMPT_LIMIT;
        let _counted = self.step(id, &raising.moment, |session| {
            if exhausted {
                session.exhaust()
            } else {
                Step { session, outcome: Ok(Some(Change::PinRejected { failures })) }
            }
        });
        if exhausted { RefusalCode::PinExhausted.into() } else { RefusalCode::IncorrectPin.into() }
    }
}
