//! A line of the list of devices.

use super::device_label::DeviceLabel;
use super::last_opened::LastOpened;
use crate::id::DeviceId;
use crate::session::SessionState;
use crate::time::Timestamp;

/// A line of the list of devices.
///
/// With the feature `serde` it is written, every field by its name, and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
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
