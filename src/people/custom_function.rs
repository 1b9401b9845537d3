//! Functions that a host adds to the product's own (D32).

use core::fmt;
use core::str::FromStr;

/// A function of the host's own, by its name, for example `Holidays`.
///
/// The name is an identifier, as those of the product's functions are; the app has its own text for it. Which
/// service the function belongs to, and what an employee may do with it without a profile, is in one place:
/// the [`AccessPolicy`](crate::access::AccessPolicy). A function that the policy does not know is refused to
/// everybody.
///
/// With the feature `serde` it is the name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomFunction {
    /// Padded with zeros, which no name contains.
    name: [u8; Self::LONGEST_NAME_BYTES],
}

impl CustomFunction {
    /// The longest name in bytes: enough for an identifier, and small enough to be copied.
    pub const LONGEST_NAME_BYTES: usize = 32;

    /// The function of that name: 1 to 32 ASCII letters, digits, hyphens and underscores, beginning with a
    /// letter.
    ///
    /// # Errors
    /// [`FunctionNameError`] for any other name.
    pub fn new(name: &str) -> Result<Self, FunctionNameError> {
        let is_allowed = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        if !name.starts_with(|first: char| first.is_ascii_alphabetic())
            || !name.as_bytes().iter().all(is_allowed)
        {
            return Err(FunctionNameError);
        }
        let mut padded = [0; Self::LONGEST_NAME_BYTES];
        let place = padded.get_mut(..name.len()).ok_or(FunctionNameError)?;
        place.copy_from_slice(name.as_bytes());
        Ok(Self { name: padded })
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        let end = self.name.iter().position(|byte| *byte == 0);
        let name = end.and_then(|end| self.name.get(..end)).unwrap_or(&self.name);
        core::str::from_utf8(name).unwrap_or_default()
    }
}

/// Why a text is no name of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no name of a function: give it 1 to 32 ASCII letters, digits, hyphens and underscores, beginning with a letter"
)]
pub struct FunctionNameError;

impl FromStr for CustomFunction {
    type Err = FunctionNameError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::new(name)
    }
}

impl fmt::Display for CustomFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for CustomFunction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for CustomFunction {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for CustomFunction {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = alloc::string::String::deserialize(deserializer)?;
        Self::new(&name).map_err(serde::de::Error::custom)
    }
}
