//! The six states as types.

use core::fmt;

use super::biometric::Modality;
use super::enrolment::Enrolment;
use crate::id::{DeviceId, Generation};
use crate::people::CalendarDate;
use crate::pin::InFlight;
use crate::secret::Digest;
use crate::time::{Moment, Seen};

/// The name of a state.
///
/// With the feature `serde` it is its name, as in `"PinPending"`.
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
    #[doc(alias = "lockout")]
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

/// When a strong authentication was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Begun {
    /// The windows count from here.
    pub(crate) at: Moment,
    /// The latest date in any of the person's companies: gaps are looked for from here (E23).
    pub(crate) on: CalendarDate,
}

/// By what a session was opened.
///
/// With the feature `serde` it is `"Pin"` or `{"Biometric":"Face"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum OpenedBy {
    /// The right PIN, or its creation.
    Pin,
    /// A recognised face or fingerprint.
    Biometric(Modality),
}

/// Strongly authenticated, without a PIN yet.
#[derive(Debug)]
pub struct PinPending {
    pub(crate) begun: Begun,
    /// New PINs that are being hashed (E38).
    pub(crate) claims: InFlight,
}

/// Open: a session token is live.
#[derive(Debug)]
pub struct Authenticated {
    pub(crate) begun: Begun,
    pub(crate) enrolment: Enrolment,
    pub(crate) token: Digest,
    pub(crate) opened: Seen,
    pub(crate) opened_by: OpenedBy,
    /// The last use that was recorded, an opening included.
    pub(crate) last_use: Seen,
}

/// Locked: the enrolment is kept, the session token is gone (D02).
#[derive(Debug)]
pub struct Locked {
    pub(crate) begun: Begun,
    pub(crate) enrolment: Enrolment,
}

/// Five wrong PINs. PIN and biometric are gone (R14).
#[doc(alias = "lockout")]
#[derive(Debug)]
pub struct PinExhausted;

/// Logged out from all devices. PIN, biometric and session token are gone.
#[derive(Debug)]
pub struct RevokedAll;
