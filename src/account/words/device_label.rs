//! What a person calls a device.

use core::fmt;

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
/// without control characters. Kept in place, so that reading a record allocates nothing for it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DeviceLabel {
    length: u8,
    /// The text, and zeros behind it.
    bytes: [u8; DeviceLabel::MAX_BYTES],
}

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
        Self::keep(text.as_bytes()).ok_or(DeviceLabelError::Length)
    }

    /// Whether stored bytes are a label. The usual one, of printable ASCII, is seen to be one at a
    /// glance.
    pub(crate) fn is_label(text: &[u8]) -> bool {
        let is_plain = text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        match text.len() {
            1..=Self::MAX_BYTES if is_plain => true,
            _ => core::str::from_utf8(text).is_ok_and(|text| Self::new(text).is_ok()),
        }
    }

    /// A label read back from storage; `None` if it is none.
    pub(crate) fn restore(text: &[u8]) -> Option<Self> {
        Self::is_label(text).then(|| Self::keep(text)).flatten()
    }

    fn keep(text: &[u8]) -> Option<Self> {
        let mut bytes = [0; Self::MAX_BYTES];
        bytes.get_mut(..text.len())?.copy_from_slice(text);
        Some(Self { length: u8::try_from(text.len()).ok()?, bytes })
    }

    /// The label.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Debug for DeviceLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("DeviceLabel").field(&self.as_str()).finish()
    }
}
