//! The enrolment of one device: its ledger of guesses, its credential, its biometrics; and the claims of a
//! PIN to be.

use core::time::Duration;

use super::super::words::Context;
use super::account::Account;
use crate::id::{AttemptId, DeviceId, RequestId};
use crate::pin::{Charged, Credential, NotCharged};
use crate::refusal::{Cause, NextStep, Refusal, RefusalCode};
use crate::session::{Baseline, Enrolment, Modality};
use crate::time::Moment;

impl Account {
    /// What is enrolled on a device, where something is.
    pub(in crate::account) fn enrolment(&self, id: DeviceId) -> Option<&Enrolment> {
        self.device(id).and_then(|device| device.session.enrolment())
    }

    fn enrolment_mut(&mut self, id: DeviceId) -> Option<&mut Enrolment> {
        self.device_mut(id).and_then(|device| device.session.enrolment_mut())
    }

    /// Charges a guess, with the request that it came with.
    ///
    /// # Errors
    /// `Unavailable` if the attempt is known, `GuessesInFlight` if five are charged already; then nothing
    /// has changed.
    pub(in crate::account) fn charge_guess(
        &mut self,
        id: DeviceId,
        attempt: AttemptId,
        request: Option<RequestId>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let now = self.present(context);
        let enrolment = self.enrolment_mut(id).ok_or(RefusalCode::AuthenticationRequired)?;
        let charged = enrolment.attempts.charge(attempt, request, now.at);
        charged.map_err(|why| not_charged(why, now, context))?;
        self.changed = true;
        Ok(())
    }

    /// Takes one of the five places for a new PIN that is being hashed (E38).
    ///
    /// # Errors
    /// As for a guess.
    pub(in crate::account) fn claim(
        &mut self,
        id: DeviceId,
        attempt: AttemptId,
        request: Option<RequestId>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let now = self.present(context);
        let claims = self.device_mut(id).and_then(|device| device.session.claims_mut());
        let charge = Charged { attempt, request, at: now.at, overtaken: false };
        let claimed = claims.ok_or(RefusalCode::AuthenticationRequired)?.charge(charge, 0);
        claimed.map_err(|why| not_charged(why, now, context))?;
        self.changed = true;
        Ok(())
    }

    /// Whether this claim is still held.
    pub(in crate::account) fn holds_claim(&self, id: DeviceId, attempt: AttemptId) -> bool {
        let claims = self.device(id).and_then(|device| device.session.claims());
        claims.is_some_and(|claims| claims.answerable(attempt).is_some())
    }

    /// Refunds a right guess, together with the settled failures and nothing else. Answers with the request
    /// that it came with.
    pub(in crate::account) fn refund_guess(&mut self, id: DeviceId, attempt: AttemptId) -> Option<RequestId> {
        self.changed = true;
        self.enrolment_mut(id)?.attempts.succeed(attempt)?.request
    }

    /// Counts a wrong guess; how many failures are settled then.
    pub(in crate::account) fn count_failure(&mut self, id: DeviceId, attempt: AttemptId) -> Option<u8> {
        let now = self.latest();
        self.changed = true;
        self.enrolment_mut(id)?.attempts.fail(attempt, now)
    }

    /// Takes an overtaken guess out of the ledger, whether it was right or wrong.
    pub(in crate::account) fn discard_guess(&mut self, id: DeviceId, attempt: AttemptId) {
        let discarded = self.enrolment_mut(id).and_then(|known| known.attempts.in_flight.remove(attempt));
        self.changed |= discarded.is_some();
    }

    /// The PIN is another one, changed by this request.
    pub(in crate::account) fn replace_credential(
        &mut self,
        id: DeviceId,
        new: Credential,
        request: Option<RequestId>,
    ) {
        if let Some(enrolment) = self.enrolment_mut(id) {
            enrolment.credential = new;
            enrolment.attempts.changed_by = request;
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

/// The present moment, and by how much the clock that was read is behind the one that was followed.
#[derive(Clone, Copy)]
pub(in crate::account) struct Present {
    at: Moment,
    behind: Duration,
}

impl Account {
    pub(in crate::account) fn present(&self, context: &Context<'_>) -> Present {
        let base = self.stored.timeline.base;
        let behind = context.reading().map_or(Duration::ZERO, |reading| base.since(reading));
        Present { at: self.latest(), behind }
    }
}

/// Why nothing was charged, to whoever asked: with the time after which the eldest charge is void.
fn not_charged(why: NotCharged, now: Present, context: &Context<'_>) -> Refusal {
    match why {
        NotCharged::Known => Refusal::because(RefusalCode::Unavailable, Cause::DrawRepeated),
        NotCharged::Full { eldest } => guesses_in_flight(eldest, now, context),
    }
}

/// The refusal of a guess that has to wait for one charged at `charged` (D24).
pub(in crate::account) fn guesses_in_flight(charged: Moment, now: Present, context: &Context<'_>) -> Refusal {
    let left = time_left(charged, now.at, context.policy.void_after());
    // The account's time stands still until this host has caught up with the one that was here before.
    let after = left.saturating_add(now.behind);
    Refusal::new(RefusalCode::GuessesInFlight).leading_to(NextStep::TryAgain { after })
}

/// After how long what was charged at `charged` is void: a guess of exactly the window's age is not yet.
fn time_left(charged: Moment, now: Moment, window: Duration) -> Duration {
    window.saturating_sub(now.since(charged)).saturating_add(Duration::from_millis(1))
}
