//! Putting a gate together.

use alloc::sync::Arc;
use core::fmt;

use crate::account::Policy;
use crate::host::{Inline, Randomness};
#[cfg(not(feature = "std"))]
use crate::pin::Argon2id;
#[cfg(feature = "std")]
use crate::pin::PooledArgon2id;
use crate::pin::{PepperRing, PinHasher};

/// The parts that only the host can supply.
#[derive(Clone, Debug)]
pub struct Host<S, C, D, J> {
    /// Keeps the accounts.
    pub store: S,
    /// Tells the time.
    pub clock: C,
    /// Knows the people.
    pub directory: D,
    /// Takes the audit events.
    pub journal: J,
}

/// The session and PIN state machine over a host's parts. Share it: every method takes `&self`.
pub struct Gate<S, C, D, J, O, R> {
    pub(super) host: Host<S, C, D, J>,
    pub(super) offload: O,
    pub(super) randomness: R,
    pub(super) hasher: Arc<dyn PinHasher>,
    pub(super) peppers: PepperRing,
    pub(super) policy: Policy,
}

impl<S, C, D, J, O, R> fmt::Debug for Gate<S, C, D, J, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").field("policy", &self.policy).finish_non_exhaustive()
    }
}

/// Why a gate cannot be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Nothing was said about peppers. Give a ring, or say `PepperRing::without_pepper()`.
    #[error(
        "say which pepper to use, or `PepperRing::without_pepper()`: a stolen database of 6-digit PINs without a pepper is guessed through in hours"
    )]
    NoPepperChosen,
}

/// Builds a [`Gate`].
#[must_use]
pub struct GateBuilder<S, C, D, J, O, R> {
    host: Host<S, C, D, J>,
    offload: O,
    randomness: R,
    hasher: Arc<dyn PinHasher>,
    peppers: Option<PepperRing>,
    policy: Policy,
}

impl<S, C, D, J, O, R> fmt::Debug for GateBuilder<S, C, D, J, O, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateBuilder").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl<S, C, D, J, R: Randomness> Gate<S, C, D, J, Inline, R> {
    /// A builder over the host's parts and its random source, with the default policy, Argon2id on
    /// the calling thread, and no choice of pepper yet.
    ///
    /// With the feature `std` that is a [`PooledArgon2id`](crate::pin::PooledArgon2id) of one memory
    /// for each core (the system is asked how many there are), so that no number of threads takes
    /// more; give another to [`hasher`](GateBuilder::hasher) to have more or fewer. Without `std` it
    /// is an [`Argon2id`](crate::pin::Argon2id), which takes its memory anew for each call.
    pub fn builder(host: Host<S, C, D, J>, randomness: R) -> GateBuilder<S, C, D, J, Inline, R> {
        GateBuilder {
            host,
            offload: Inline,
            randomness,
            hasher: default_hasher(),
            peppers: None,
            policy: Policy::default(),
        }
    }
}

#[cfg(feature = "std")]
fn default_hasher() -> Arc<dyn PinHasher> {
    Arc::new(PooledArgon2id::one_per_core())
}

#[cfg(not(feature = "std"))]
fn default_hasher() -> Arc<dyn PinHasher> {
    Arc::new(Argon2id::new())
}

#[cfg(feature = "testkit")]
impl<S, C, D, J, R> Gate<S, C, D, J, Inline, R> {
    /// A gate with every choice made, for the testkit.
    pub(crate) fn assemble(
        host: Host<S, C, D, J>,
        randomness: R,
        hasher: impl PinHasher + 'static,
        peppers: PepperRing,
        policy: Policy,
    ) -> Self {
        Self { host, offload: Inline, randomness, hasher: Arc::new(hasher), peppers, policy }
    }
}

impl<S, C, D, J, O, R> Gate<S, C, D, J, O, R> {
    /// The host's parts.
    pub const fn host(&self) -> &Host<S, C, D, J> {
        &self.host
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }
}

impl<S, C, D, J, O, R> GateBuilder<S, C, D, J, O, R> {
    /// The peppers, or the explicit choice of none. Required.
    pub fn peppers(mut self, peppers: PepperRing) -> Self {
        self.peppers = Some(peppers);
        self
    }

    /// Limits and windows; default [`Policy::default`].
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Another implementation of the hash function; see [`check_hasher`](crate::pin::check_hasher).
    pub fn hasher(mut self, hasher: impl PinHasher + 'static) -> Self {
        self.hasher = Arc::new(hasher);
        self
    }

    /// Where hashing runs; default on the calling thread, which an async host must not want.
    pub fn offload<P>(self, offload: P) -> GateBuilder<S, C, D, J, P, R> {
        let Self { host, randomness, hasher, peppers, policy, .. } = self;
        GateBuilder { host, offload, randomness, hasher, peppers, policy }
    }

    /// The gate.
    ///
    /// # Errors
    /// [`BuildError`] if something that has no safe default was not said.
    pub fn build(self) -> Result<Gate<S, C, D, J, O, R>, BuildError> {
        let Self { host, offload, randomness, hasher, peppers, policy } = self;
        let peppers = peppers.ok_or(BuildError::NoPepperChosen)?;
        Ok(Gate { host, offload, randomness, hasher, peppers, policy })
    }
}
