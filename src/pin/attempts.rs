//! The ledger of attempts: charged before a guess is compared, settled after.

use alloc::vec::Vec;

use crate::id::AttemptId;

/// How many wrong PINs in a row exhaust the PIN: exactly five, for every host (D04, R13).
pub const ATTEMPT_LIMIT: u8 = 5;

/// The budget is spent: no further guess may be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("five guesses are charged: no further one may be compared")]
pub struct Exhausted;

/// The attempts charged against one PIN: those settled as failures, and those still in flight.
///
/// The sum never exceeds [`ATTEMPT_LIMIT`] (I01, I12).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    failures: u8,
    in_flight: Vec<AttemptId>,
}

impl Attempts {
    /// A ledger read back from storage; `None` if it is out of range, which the caller has to read
    /// as exhausted and never as a fresh budget (E32).
    #[must_use]
    pub fn restore(failures: u8, in_flight: Vec<AttemptId>) -> Option<Self> {
        let ledger = Self { failures, in_flight };
        (failures < ATTEMPT_LIMIT && ledger.charged() <= ATTEMPT_LIMIT && !ledger.has_twins())
            .then_some(ledger)
    }

    /// Wrong PINs since the last right one, as far as they are settled: 0 to 4.
    #[must_use]
    pub const fn failures(&self) -> u8 {
        self.failures
    }

    /// The attempts that were charged and not settled yet.
    #[must_use]
    pub fn in_flight(&self) -> &[AttemptId] {
        &self.in_flight
    }

    /// Everything charged: 0 to 5.
    #[must_use]
    pub fn charged(&self) -> u8 {
        u8::try_from(self.in_flight.len()).unwrap_or(u8::MAX).saturating_add(self.failures)
    }

    /// Charges one attempt. Charging the same attempt again, after a lost reply, charges nothing.
    pub(crate) fn charge(&mut self, attempt: AttemptId) -> Result<(), Exhausted> {
        if self.in_flight.contains(&attempt) {
            return Ok(());
        }
        if self.charged() >= ATTEMPT_LIMIT {
            return Err(Exhausted);
        }
        self.in_flight.push(attempt);
        Ok(())
    }

    /// Settles an attempt as a failure. `None` if it is not in flight; otherwise the number of
    /// failures, [`ATTEMPT_LIMIT`] meaning that the PIN has to be wiped in the same write.
    pub(crate) fn fail(&mut self, attempt: AttemptId) -> Option<u8> {
        self.remove(attempt).then(|| {
            self.failures = self.failures.saturating_add(1);
            self.failures
        })
    }

    /// Settles an attempt as a success: refunds it and the settled failures. Other attempts in
    /// flight stay charged; refunding those too would let nine guesses through instead of five.
    pub(crate) fn succeed(&mut self, attempt: AttemptId) -> bool {
        let mine = self.remove(attempt);
        if mine {
            self.failures = 0;
        }
        mine
    }

    fn remove(&mut self, attempt: AttemptId) -> bool {
        let before = self.in_flight.len();
        self.in_flight.retain(|known| *known != attempt);
        self.in_flight.len() != before
    }

    fn has_twins(&self) -> bool {
        let mut rest = self.in_flight.as_slice();
        while let Some((first, others)) = rest.split_first() {
            if others.contains(first) {
                return true;
            }
            rest = others;
        }
        false
    }
}
