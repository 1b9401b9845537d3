//! A line of the list of devices.

use super::device_label::DeviceLabel;
use crate::id::DeviceId;
use crate::session::SessionState;
use crate::time::Timestamp;

/// A line of the list of devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceSummary {
    /// What to name in order to log it out.
    pub id: DeviceId,
    /// What the person calls it.
    pub label: DeviceLabel,
    /// When it authenticated, as the clock read then.
    pub created: Timestamp,
    /// When it was last opened, as the clock read then, if ever.
    pub last_unlock: Option<Timestamp>,
    /// In which state it is.
    pub state: SessionState,
    /// Whether it is the one that asks.
    pub this_device: bool,
}
