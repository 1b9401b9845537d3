//! When and by what an app was opened.

use crate::session::OpenedBy;
use crate::time::Timestamp;

/// An opening of the app.
///
/// With the feature `serde` it is `{"at":"2026-11-22T09:30:00.000Z","by":"Pin"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct LastOpened {
    /// When, as the clock read then.
    pub at: Timestamp,
    /// By what.
    pub by: OpenedBy,
}
