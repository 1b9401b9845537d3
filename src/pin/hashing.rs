//! What hashing needs from the host.

use core::fmt;

use super::hasher::{HashParams, PinHasher};
use super::pepper::PepperRing;

/// What hashing needs from the host: the function, today's parameters and the peppers.
#[derive(Clone, Copy)]
pub struct Hashing<'a> {
    /// The hash function.
    pub hasher: &'a dyn PinHasher,
    /// Parameters for new hashes; an older, cheaper hash is renewed when its PIN is entered right.
    pub params: HashParams,
    /// The peppers.
    pub peppers: &'a PepperRing,
}

impl fmt::Debug for Hashing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hashing").field("params", &self.params).finish_non_exhaustive()
    }
}
