//! What a person calls a device.

use core::fmt;

use crate::name::{self, NameError};

/// What a person calls a device, for example "Phone in the kitchen": 1 to 64 bytes of UTF-8, of which
/// something can be seen, and nothing else that cannot (D33). Kept in place, so that reading a record
/// allocates nothing for it.
///
/// An emoji is a label like any other text, with two exceptions: one made of several, joined by zero width
/// joiners, and a flag of tags, as of Scotland. Zero widths are refused wherever they stand, since nobody
/// can tell by sight which ones join an emoji.
///
/// ```
/// # use pinlatch::account::DeviceLabel;
/// # use pinlatch::name::NameError;
/// assert_eq!(DeviceLabel::new("Annan puhelin 📱")?.as_str(), "Annan puhelin 📱");
/// assert_eq!(DeviceLabel::new("\u{202e}enohp s'annA"), Err(NameError::BidiControl));
/// # Ok::<(), NameError>(())
/// ```
///
/// With the feature `serde` it is the text.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct DeviceLabel {
    length: u8,
    /// The text, and zeros behind it.
    bytes: [u8; DeviceLabel::MAX_BYTES],
}

impl fmt::Display for DeviceLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl DeviceLabel {
    /// The longest label, in bytes.
    pub const MAX_BYTES: usize = name::LONGEST_BYTES;

    /// Checks a label.
    ///
    /// # Errors
    /// [`NameError`] if nothing in it can be seen, if it is too long, or if it has what no name may have
    /// (D33): control characters, line separators, characters that turn the direction of writing, zero
    /// widths, and what Unicode does not know.
    pub fn new(text: &str) -> Result<Self, NameError> {
        name::check(text)?; // D33
        Self::keep(text.as_bytes()).ok_or(NameError::TooLong)
    }

    /// Whether stored bytes are a label. The usual one, of printable ASCII, is seen to be one at a
    /// glance.
    pub(crate) fn is_label(text: &[u8]) -> bool {
        let is_plain = text.iter().all(|byte| matches!(byte, b' '..=b'~'));
        match text.len() {
            1..=Self::MAX_BYTES if is_plain => text.iter().any(|byte| *byte != b' '),
            _ => core::str::from_utf8(text).is_ok_and(name::is_kept),
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

#[cfg(feature = "serde")]
impl serde::Serialize for DeviceLabel {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_str().serialize(serializer)
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for DeviceLabel {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom) // E40
    }
}
