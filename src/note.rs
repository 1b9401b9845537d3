//! What a host wants beside an event in the audit trail.

use core::fmt;

/// Why a note is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NoteError {
    /// Longer than 64 bytes of UTF-8, or empty.
    #[error("a note has 1 to 64 bytes")]
    Length,
    /// Contains a control character.
    #[error("a note has no control characters")]
    ControlCharacter,
}

/// The host's own words on a request, for the audit trail: 1 to 64 bytes of UTF-8 without control
/// characters, such as a trace id or the name of a front end. It stands in every event that the request
/// causes, for as long as the journal is kept: **put nothing personal into it**.
///
/// Kept in place, so that a request is copied without allocating.
///
/// With the feature `serde` it is the text.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Note {
    length: u8,
    /// The text, and zeros behind it.
    bytes: [u8; Note::MAX_BYTES],
}

impl Note {
    /// The longest note, in bytes.
    pub const MAX_BYTES: usize = 64;

    /// Checks a note.
    ///
    /// # Errors
    /// [`NoteError`] if it is empty, too long or has control characters.
    pub fn new(text: &str) -> Result<Self, NoteError> {
        if text.chars().any(char::is_control) {
            return Err(NoteError::ControlCharacter);
        }
        let mut bytes = [0; Self::MAX_BYTES];
        let length = u8::try_from(text.len()).ok().filter(|length| *length > 0).ok_or(NoteError::Length)?;
        bytes.get_mut(..text.len()).ok_or(NoteError::Length)?.copy_from_slice(text.as_bytes());
        Ok(Self { length, bytes })
    }

    /// The note.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let text = self.bytes.get(..usize::from(self.length)).unwrap_or_default();
        core::str::from_utf8(text).unwrap_or_default()
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Note").field(&self.as_str()).finish()
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Note {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Note {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = alloc::string::String::deserialize(deserializer)?;
        Self::new(&text).map_err(serde::de::Error::custom)
    }
}
