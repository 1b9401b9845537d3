//! The six states as types.

use core::fmt;

use super::enrolment::Enrolment;
use crate::id::{DeviceId, Generation};
use crate::secret::Digest;
use crate::time::Timestamp;

/// The name of a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SessionState {
    /// Not signed in: strong authentication is needed.
    LoggedOut,
    /// Strongly authenticated; a PIN has to be created.
    PinPending,
    /// The app is open.
    Authenticated,
    /// The app is locked: PIN, face or fingerprint opens it.
    Locked,
    /// Five wrong PINs: the message waits to be acknowledged.
    PinExhausted,
    /// Logged out from all devices: a re-invitation is needed.
    RevokedAll,
}

impl SessionState {
    /// All six, in the order of the table.
    pub const ALL: [Self; 6] = [
        Self::LoggedOut,
        Self::PinPending,
        Self::Authenticated,
        Self::Locked,
        Self::PinExhausted,
        Self::RevokedAll,
    ];
}

impl fmt::Display for SessionState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// One account's session on one device, in the state `S`.
#[derive(Debug)]
pub struct Session<S> {
    pub(super) device: DeviceId,
    pub(super) generation: Generation,
    pub(super) state: S,
}

impl<S> Session<S> {
    pub(crate) const fn restore(device: DeviceId, generation: Generation, state: S) -> Self {
        Self { device, generation, state }
    }

    /// Which device session this is.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The account's generation when the device authenticated.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    pub(crate) const fn state(&self) -> &S {
        &self.state
    }

    pub(super) fn with_state<T>(self, state: T) -> Session<T> {
        Session { device: self.device, generation: self.generation, state }
    }
}

/// Not signed in. Nothing is kept.
#[derive(Debug)]
pub struct LoggedOut;

/// Strongly authenticated, without a PIN yet.
#[derive(Debug)]
pub struct PinPending {
    /// When the strong authentication was: the absolute lifetime counts from here.
    pub(crate) begun: Timestamp,
}

/// Open: a session token is live.
#[derive(Debug)]
pub struct Authenticated {
    /// When the strong authentication was: the absolute lifetime counts from here.
    pub(crate) begun: Timestamp,
    pub(crate) enrolment: Enrolment,
    pub(crate) token: Digest,
    pub(crate) last_use: Timestamp,
}

/// Locked: the enrolment is kept, the session token is gone (D02).
#[derive(Debug)]
pub struct Locked {
    /// When the strong authentication was: the absolute lifetime counts from here.
    pub(crate) begun: Timestamp,
    pub(crate) enrolment: Enrolment,
}

/// Five wrong PINs. PIN and biometric are gone (R14).
#[derive(Debug)]
pub struct PinExhausted;

/// Logged out from all devices. PIN, biometric and session token are gone.
#[derive(Debug)]
pub struct RevokedAll;
