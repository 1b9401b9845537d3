//! What was charged and has no verdict yet: guesses, and new PINs being hashed.

use alloc::vec::Vec;
use core::time::Duration;

use crate::id::{AttemptId, RequestId};
use crate::time::Moment;

/// How many wrong PINs in a row exhaust the PIN: exactly five, for every host (D04, R13).
pub const ATTEMPT_LIMIT: u8 = 5;

/// One charge, from its write to its settlement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charged {
    pub(crate) attempt: AttemptId,
    pub(crate) request: Option<RequestId>,
    pub(crate) at: Moment,
    /// Something has happened since that makes its verdict stale (D25).
    pub(crate) overtaken: bool,
}

impl Charged {
    /// Which attempt.
    #[must_use]
    pub const fn attempt(&self) -> AttemptId {
        self.attempt
    }
}

/// Why nothing was charged; nothing has changed then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotCharged {
    /// The attempt is in the ledger already (E39).
    Known,
    /// So many are charged that one more verdict could be the sixth; since then the eldest waits (D24).
    Full { eldest: Moment },
}

/// The charges in flight, the eldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct InFlight(Vec<Charged>);

impl InFlight {
    /// Charges read back from storage; `None` if two are the same.
    pub(crate) fn restore(charges: Vec<Charged>) -> Option<Self> {
        let is_repeated = |(index, charge): (usize, &Charged)| {
            charges.iter().take(index).any(|other| other.attempt == charge.attempt)
        };
        let has_twins = charges.iter().enumerate().any(is_repeated);
        (!has_twins).then_some(Self(charges))
    }

    pub(crate) fn charges(&self) -> &[Charged] {
        &self.0
    }

    pub(crate) fn places_taken(&self) -> u8 {
        u8::try_from(self.0.len()).unwrap_or(u8::MAX)
    }

    /// Drops what was charged longer ago than `window`: it is void, and its settlement is refused from then
    /// on. Answers how many they were.
    pub(crate) fn drop_void(&mut self, now: Moment, window: Duration) -> u8 {
        let before = self.places_taken();
        self.0.retain(|charge| now.since(charge.at) <= window);
        before.saturating_sub(self.places_taken())
    }

    /// Charges one more, beside `settled` failures.
    pub(crate) fn charge(&mut self, charge: Charged, settled: u8) -> Result<(), NotCharged> {
        if self.0.iter().any(|known| known.attempt == charge.attempt) {
            return Err(NotCharged::Known);
        }
        if settled.saturating_add(self.places_taken()) >= ATTEMPT_LIMIT {
            return Err(NotCharged::Full { eldest: self.0.first().map_or(charge.at, |eldest| eldest.at) });
        }
        self.0.push(charge);
        Ok(())
    }

    /// The charge of this attempt, unless it is overtaken.
    pub(crate) fn answerable(&self, attempt: AttemptId) -> Option<&Charged> {
        self.0.iter().find(|charge| charge.attempt == attempt && !charge.overtaken)
    }

    /// Takes one out, whether overtaken or not; `None` if it is not there.
    pub(crate) fn remove(&mut self, attempt: AttemptId) -> Option<Charged> {
        let index = self.0.iter().position(|charge| charge.attempt == attempt)?;
        Some(self.0.remove(index))
    }

    /// All that are in flight now are overtaken (D25). They stay charged.
    pub(crate) fn overtake(&mut self) {
        for charge in &mut self.0 {
            charge.overtaken = true;
        }
    }
}
