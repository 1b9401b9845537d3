//! A PIN as a person entered it, and the length a PIN may have (D19).

use core::fmt;

use subtle::ConstantTimeEq;
use zeroize::Zeroize;

use crate::refusal::{Cause, Refusal, RefusalCode};

/// Bytes that hold the longest PIN.
const CAPACITY: usize = PinLength::MAX as usize;

/// A PIN as entered: 4 to 12 ASCII digits, exactly as typed (D19).
///
/// Not `Clone` and without equality: it is compared in constant time, and only inside the crate.
/// `Debug` shows no digit. Wiped from memory when dropped; the text it was parsed from is the
/// host's to wipe.
///
/// ```
/// # use pinlatch::pin::{Pin, PinError};
/// let pin = Pin::parse("824671")?;
/// assert_eq!(pin.length().get(), 6);
/// assert_eq!(Pin::parse(" 824671").unwrap_err(), PinError::NotDigits);
/// # Ok::<(), PinError>(())
/// ```
#[doc(alias = "passcode")]
pub struct Pin {
    /// ASCII digits; the bytes behind `length` are zero.
    digits: [u8; CAPACITY],
    length: PinLength,
}

impl Pin {
    /// Reads an entry: ASCII digits only, 4 to 12 of them. Nothing is trimmed, cut off or
    /// converted, because two texts that differ must never become the same PIN. Digits of other
    /// scripts are converted beforehand, by [`to_ascii_digits`](super::to_ascii_digits).
    ///
    /// A text of any size is safe to pass: reading stops at the thirteenth character.
    ///
    /// # Errors
    /// The first flaw from the left: [`PinError::NotDigits`] or [`PinError::TooLong`];
    /// [`PinError::TooShort`] if the text ends before the fourth digit.
    pub fn parse(text: &str) -> Result<Self, PinError> {
        let mut pin = Self { digits: [0; CAPACITY], length: PinLength(PinLength::MIN) };
        let mut free = pin.digits.iter_mut();
        let mut count = 0_u8;
        for byte in text.bytes() {
            if !byte.is_ascii_digit() {
                return Err(PinError::NotDigits);
            }
            *free.next().ok_or(PinError::TooLong)? = byte;
            count = count.saturating_add(1);
        }
        if count < PinLength::MIN {
            return Err(PinError::TooShort);
        }
        pin.length = PinLength(count);
        Ok(pin)
    }

    /// The number of digits. It is no secret: whoever looks over a shoulder counts it.
    #[must_use]
    pub const fn length(&self) -> PinLength {
        self.length
    }

    /// The digits as ASCII.
    pub(crate) fn digits(&self) -> &[u8] {
        self.digits.get(..self.length.get()).unwrap_or(&self.digits)
    }

    /// A second copy, wiped on its own when dropped.
    pub(crate) const fn duplicate(&self) -> Self {
        Self { digits: self.digits, length: self.length }
    }

    /// Whether both are the same PIN, in a time that depends on neither.
    pub(crate) fn same_as(&self, other: &Self) -> bool {
        // The lengths agree if the arrays do: no digit is zero, and behind the last one all is.
        self.digits.ct_eq(&other.digits).into()
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.digits.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin(redacted)") // I13
    }
}

/// Why a text is no PIN. It never contains the text (I13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Something else than the ASCII digits `0` to `9`.
    #[error("a PIN has digits only: let the person type 0 to 9")]
    NotDigits,
    /// Fewer than four digits.
    #[error("a PIN has at least 4 digits: let the person type more")]
    TooShort,
    /// More than twelve digits.
    #[error("a PIN has at most 12 digits: let the person type fewer")]
    TooLong,
}

impl PinError {
    /// The refusal to show for it, where a PIN of this length was asked for: `PinMalformed`, which says how
    /// many digits are wanted (D19). Nothing is counted, since nothing was compared.
    ///
    /// ```
    /// # use pinlatch::pin::{Pin, PinPolicy};
    /// # use pinlatch::refusal::Language;
    /// let error = Pin::parse("28a917").unwrap_err();
    /// let refusal = error.refusal_for(PinPolicy::default().length());
    /// assert_eq!(refusal.public(Language::English).text, "Enter a PIN code of 6 digits.");
    /// ```
    #[must_use]
    pub const fn refusal_for(self, length: PinLength) -> Refusal {
        self.refusal().for_pin_digits(length.0)
    }

    /// The refusal to show for it where the length is not known: `PinMalformed`, without a number.
    #[must_use]
    pub const fn refusal(self) -> Refusal {
        let cause = match self {
            Self::NotDigits => Cause::NotDigits,
            Self::TooShort | Self::TooLong => Cause::WrongLength,
        };
        Refusal::because(RefusalCode::PinMalformed, cause)
    }
}

impl From<PinError> for Refusal {
    fn from(error: PinError) -> Self {
        error.refusal()
    }
}

/// How many digits a PIN has: 4 to 12, 6 by default (D19).
///
/// The bounds are those of ISO 9564-1. The default is what NIST SP 800-63B-4 §3.2.10 recommends for
/// a PIN that unlocks an authenticator; four is the least that it allows.
///
/// With the feature `serde` it is the number of digits, within the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "u8", into = "u8"))]
pub struct PinLength(u8);

impl PinLength {
    /// The shortest PIN there may be, in digits.
    pub const MIN: u8 = 4;
    /// The longest PIN there may be, in digits.
    pub const MAX: u8 = 12;

    /// A length of so many digits, [`MIN`](Self::MIN) to [`MAX`](Self::MAX).
    ///
    /// # Errors
    /// [`PinPolicyError::LengthOutOfBounds`] for any other number.
    pub const fn new(digits: u8) -> Result<Self, PinPolicyError> {
        if digits < Self::MIN || digits > Self::MAX {
            return Err(PinPolicyError::LengthOutOfBounds);
        }
        Ok(Self(digits))
    }

    /// The number of digits.
    #[must_use]
    pub const fn get(self) -> usize {
        self.0 as usize
    }

    /// The refusal of an entry that has another length (D19).
    pub(super) const fn refusal(self) -> Refusal {
        Refusal::because(RefusalCode::PinMalformed, Cause::WrongLength).for_pin_digits(self.0)
    }
}

impl Default for PinLength {
    /// Six digits (D19).
    fn default() -> Self {
        Self(6)
    }
}

impl TryFrom<u8> for PinLength {
    type Error = PinPolicyError;

    fn try_from(digits: u8) -> Result<Self, Self::Error> {
        Self::new(digits)
    }
}

impl From<PinLength> for u8 {
    fn from(length: PinLength) -> Self {
        length.0
    }
}

/// Why a PIN policy cannot be set up like that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PinPolicyError {
    /// The length is below 4 or above 12 digits.
    #[error("a PIN has 4 to 12 digits: set a length within these bounds")]
    LengthOutOfBounds,
}
