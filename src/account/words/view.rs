//! How one device stands.

use crate::refusal::NextStep;
use crate::session::{OpenedBy, SessionState};
use crate::time::Timestamp;

/// How one device stands, and what its person does next. It holds no secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DeviceView {
    /// In which state its session is.
    pub state: SessionState,
    /// What to do next.
    pub next: NextStep,
    /// How many digits the PIN has, where there is one.
    pub pin_digits: Option<u8>,
    /// Whether the face opens it.
    pub face: bool,
    /// Whether the fingerprint opens it.
    pub fingerprint: bool,
    /// When and by what it was opened last, if ever.
    pub last_opened: Option<LastOpened>,
}

impl DeviceView {
    /// Of a device on which no PIN is.
    pub(crate) const fn without_pin(state: SessionState, next: NextStep) -> Self {
        Self { state, next, pin_digits: None, face: false, fingerprint: false, last_opened: None }
    }
}

/// An opening of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct LastOpened {
    /// When, as the clock read then.
    pub at: Timestamp,
    /// By what.
    pub by: OpenedBy,
}
