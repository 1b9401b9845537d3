//! Putting a gate together.

use alloc::sync::Arc;
use core::fmt;

use crate::account::Policy;
use crate::host::Host;
#[cfg(not(feature = "std"))]
use crate::pin::Argon2id;
#[cfg(feature = "std")]
use crate::pin::PooledArgon2id;
use crate::pin::{PepperRing, PinHasher};
use crate::record::StoredVersion;

/// The session and PIN state machine over a [`Host`]. Share it: every method takes `&self`.
pub struct Gate<H: Host> {
    pub(super) host: H,
    pub(super) hasher: Arc<dyn PinHasher>,
    pub(super) peppers: PepperRing,
    pub(super) policy: Policy,
    pub(super) writes: StoredVersion,
}

impl<H: Host> fmt::Debug for Gate<H> {
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
pub struct GateBuilder<H> {
    host: H,
    hasher: Arc<dyn PinHasher>,
    peppers: Option<PepperRing>,
    policy: Policy,
    writes: StoredVersion,
}

impl<H> fmt::Debug for GateBuilder<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateBuilder").field("policy", &self.policy).finish_non_exhaustive()
    }
}

impl<H: Host> Gate<H> {
    /// A builder over a host, with the default policy and no choice of pepper yet.
    ///
    /// With the feature `std` PINs are hashed by a [`PooledArgon2id`](crate::pin::PooledArgon2id) of
    /// one memory for each core (the system is asked how many there are), so that no number of threads
    /// takes more; give another to [`hasher`](GateBuilder::hasher) to have more or fewer. Without
    /// `std` it is an [`Argon2id`](crate::pin::Argon2id), which takes its memory anew for each call.
    pub fn builder(host: H) -> GateBuilder<H> {
        GateBuilder {
            host,
            hasher: default_hasher(),
            peppers: None,
            policy: Policy::default(),
            writes: StoredVersion::WRITTEN,
        }
    }

    /// The host.
    pub const fn host(&self) -> &H {
        &self.host
    }

    /// The policy.
    pub const fn policy(&self) -> &Policy {
        &self.policy
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

impl<H: Host> GateBuilder<H> {
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

    /// The version of the stored form to write; default [`StoredVersion::WRITTEN`], which hosts of the release
    /// before this one read too. Every version of [`StoredVersion::READ`] is read, whatever is said here. Say a
    /// newer one when no host of the older release runs any more, and the older one again before it comes back:
    /// [`record`](crate::record) has the steps.
    pub const fn writes_version(mut self, version: StoredVersion) -> Self {
        self.writes = version;
        self
    }

    /// The gate.
    ///
    /// # Errors
    /// [`BuildError`] if something that has no safe default was not said.
    pub fn build(self) -> Result<Gate<H>, BuildError> {
        let Self { host, hasher, peppers, policy, writes } = self;
        let peppers = peppers.ok_or(BuildError::NoPepperChosen)?;
        Ok(Gate { host, hasher, peppers, policy, writes })
    }
}
