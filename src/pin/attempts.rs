//! The ledger of attempts: charged before a guess is compared, settled after.

use alloc::vec::Vec;
use core::time::Duration;

use super::in_flight::{ATTEMPT_LIMIT, Charged, InFlight, NotCharged};
use crate::id::{AttemptId, RequestId};
use crate::time::Moment;

/// How many guesses may become void, since the last right PIN, before the next step named is to
/// authenticate (D24): so many, that something is wrong with the host or the way to it.
pub(crate) const VOID_LIMIT: u8 = 10;

/// How many requests that were answered "wrong" are remembered (D27): as many as can be answered so in a row.
pub(crate) const ANSWERED_LIMIT: usize = 5;

/// The attempts at one PIN: those settled as failures, and those still in flight.
///
/// Settled failures and guesses in flight together never exceed [`ATTEMPT_LIMIT`] (I01, I12).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    pub(crate) failures: u8,
    pub(crate) in_flight: InFlight,
    /// Guesses since the last right PIN that were never answered.
    pub(crate) void: u8,
    /// The requests answered "wrong" last, the eldest first.
    pub(crate) answered: Vec<Answered>,
    /// The request by which the PIN was changed last.
    pub(crate) changed_by: Option<RequestId>,
}

/// A request that was answered "wrong".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) request: RequestId,
    pub(crate) at: Moment,
}

/// What the ledger knows of a request that comes again (D27).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeated {
    /// It was answered "wrong".
    AnsweredWrong,
    /// Its guess, charged then, has no verdict yet.
    InFlight { charged: Moment },
    /// It has changed the PIN.
    HasChangedThePin,
}

impl Attempts {
    /// Whether the numbers are in range. A ledger that is not has to be read as exhausted, never as a fresh
    /// budget (E32).
    pub(crate) fn is_in_range(&self) -> bool {
        self.failures < ATTEMPT_LIMIT
            && self.charged() <= ATTEMPT_LIMIT
            && self.answered.len() <= ANSWERED_LIMIT
    }

    /// Wrong PINs since the last right one, as far as they are settled: 0 to 4.
    #[must_use]
    pub const fn failures(&self) -> u8 {
        self.failures
    }

    /// The attempts that were charged and have no verdict yet, the eldest first.
    #[must_use]
    pub fn in_flight(&self) -> &[Charged] {
        self.in_flight.charges()
    }

    /// Everything charged: 0 to 5.
    #[must_use]
    pub fn charged(&self) -> u8 {
        self.in_flight.places_taken().saturating_add(self.failures)
    }

    /// Guesses since the last right PIN that were charged and never answered, up to 255 of them.
    #[must_use]
    pub const fn void(&self) -> u8 {
        self.void
    }

    /// Whether so many guesses went unanswered that to authenticate is the better way (D24).
    pub(crate) const fn is_worn_out(&self) -> bool {
        self.void >= VOID_LIMIT
    }

    /// Lets time pass: guesses charged longer ago than `void_after` are void and leave the ledger (D24), and
    /// requests answered longer ago than `remembered` are forgotten (D27).
    pub(crate) fn age(&mut self, now: Moment, void_after: Duration, remembered: Duration) {
        self.void = self.void.saturating_add(self.in_flight.drop_void(now, void_after));
        self.answered.retain(|answer| now.since(answer.at) <= remembered);
    }

    /// What became of this request, if it was here before.
    pub(crate) fn repeated(&self, request: RequestId) -> Option<Repeated> {
        if self.changed_by == Some(request) {
            return Some(Repeated::HasChangedThePin);
        }
        if self.answered.iter().any(|answer| answer.request == request) {
            return Some(Repeated::AnsweredWrong);
        }
        let charge = self.in_flight().iter().find(|charge| charge.request == Some(request))?;
        Some(Repeated::InFlight { charged: charge.at })
    }

    /// Charges one attempt.
    pub(crate) fn charge(
        &mut self,
        attempt: AttemptId,
        request: Option<RequestId>,
        at: Moment,
    ) -> Result<(), NotCharged> {
        self.in_flight.charge(Charged { attempt, request, at, overtaken: false }, self.failures)
    }

    /// Settles an attempt as a failure, and remembers its request. `None` if it is not in flight; otherwise
    /// the number of failures, [`ATTEMPT_LIMIT`] meaning that the PIN has to be wiped in the same write.
    pub(crate) fn fail(&mut self, attempt: AttemptId, now: Moment) -> Option<u8> {
        let charge = self.in_flight.remove(attempt)?;
        self.failures = self.failures.saturating_add(1);
        if let Some(request) = charge.request {
            if self.answered.len() >= ANSWERED_LIMIT {
                self.answered.remove(0);
            }
            self.answered.push(Answered { request, at: now });
        }
        Some(self.failures)
    }

    /// Settles an attempt as a success: refunds it and the settled failures. Other attempts in flight stay
    /// charged, refunding those too would let nine guesses through instead of five; but they are overtaken.
    pub(crate) fn succeed(&mut self, attempt: AttemptId) -> Option<Charged> {
        let charge = self.in_flight.remove(attempt)?;
        self.failures = 0;
        self.void = 0;
        self.in_flight.overtake();
        Some(charge)
    }
}
