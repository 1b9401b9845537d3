//! One row of the account's device table.

use alloc::string::String;

use crate::id::DeviceId;
use crate::secret::Digest;
use crate::session::AnySession;
use crate::time::Timestamp;

/// Why a label is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeviceLabelError {
    /// Longer than 64 bytes of UTF-8, or empty.
    #[error("a device label has 1 to 64 bytes")]
    Length,
    /// Contains a control character.
    #[error("a device label has no control characters")]
    ControlCharacter,
}

/// What a person calls a device, for example "Phone in the kitchen": 1 to 64 bytes of UTF-8
/// without control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DeviceLabel(String);

impl DeviceLabel {
    /// The longest label, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks a label.
    ///
    /// # Errors
    /// [`DeviceLabelError`] if it is empty, too long or has control characters.
    pub fn new(text: &str) -> Result<Self, DeviceLabelError> {
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(DeviceLabelError::Length);
        }
        if text.chars().any(char::is_control) {
            return Err(DeviceLabelError::ControlCharacter);
        }
        Ok(Self(text.into()))
    }

    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A device session in the table. A device that logs out leaves the table: nothing of it remains.
#[derive(Debug)]
pub struct Device {
    pub(crate) id: DeviceId,
    pub(crate) label: DeviceLabel,
    pub(crate) created: Timestamp,
    pub(crate) last_used: Timestamp,
    pub(crate) last_unlock: Option<Timestamp>,
    pub(crate) token: Digest,
    pub(crate) session: AnySession,
}

impl Device {
    /// Which device session.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// What the person calls it.
    #[must_use]
    pub const fn label(&self) -> &DeviceLabel {
        &self.label
    }

    /// When it authenticated.
    #[must_use]
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When it was last opened, if ever.
    #[must_use]
    pub const fn last_unlock(&self) -> Option<Timestamp> {
        self.last_unlock
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> &AnySession {
        &self.session
    }
}
