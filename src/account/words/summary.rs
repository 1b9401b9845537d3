//! A line of the list of devices.

use super::device_label::DeviceLabel;
use crate::id::DeviceId;
use crate::session::{OpenedBy, SessionState};
use crate::time::Timestamp;

/// A line of the list of devices.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct DeviceSummary {
    /// What to name in order to log it out.
    pub id: DeviceId,
    /// What the person calls it.
    pub label: DeviceLabel,
    /// When it authenticated, as the clock read then.
    pub created: Timestamp,
    /// When and by what it was last opened, if ever.
    pub last_opened: Option<LastOpened>,
    /// In which state it is.
    pub state: SessionState,
    /// Whether it is the one that asks.
    pub this_device: bool,
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
