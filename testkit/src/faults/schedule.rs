//! Which fault comes next: from a list, or drawn by a seed.

use std::collections::VecDeque;

use super::super::randomness::SeededRandomness;
use super::fault::Fault;
use super::rates::Rates;
use pinlatch::host::Randomness;

#[derive(Debug)]
pub(super) enum Schedule {
    Script(VecDeque<Fault>),
    Seeded(SeededRandomness, Rates),
}

impl Schedule {
    /// The fault of the next operation.
    pub(super) fn next(&mut self) -> Fault {
        match self {
            Self::Script(faults) => faults.pop_front().unwrap_or(Fault::Honest),
            Self::Seeded(randomness, rates) => {
                let mut bytes = [0; 8];
                let drawn = randomness.fill(&mut bytes);
                drawn.map_or(Fault::Honest, |()| rates.fault(u64::from_le_bytes(bytes)))
            }
        }
    }
}
