//! Decimal digits of every script, for keyboards that type others than `0` to `9`.

use alloc::string::String;

use zeroize::Zeroizing;

use super::entry::PinError;

/// The zeros of every script's decimal digits, in ascending order; each is followed by its one to
/// nine. General category Nd of the Unicode Character Database, version 18.0.
const ZEROS: [char; 77] = [
    '\u{30}',
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{10d30}',
    '\u{10d40}',
    '\u{11066}',
    '\u{110f0}',
    '\u{11136}',
    '\u{111d0}',
    '\u{112f0}',
    '\u{11450}',
    '\u{114d0}',
    '\u{11650}',
    '\u{116c0}',
    '\u{116d0}',
    '\u{116da}',
    '\u{11730}',
    '\u{118e0}',
    '\u{11950}',
    '\u{11bf0}',
    '\u{11c50}',
    '\u{11d50}',
    '\u{11da0}',
    '\u{11de0}',
    '\u{11f50}',
    '\u{16130}',
    '\u{16a60}',
    '\u{16ac0}',
    '\u{16b50}',
    '\u{16d70}',
    '\u{1ccf0}',
    '\u{1d7ce}',
    '\u{1d7d8}',
    '\u{1d7e2}',
    '\u{1d7ec}',
    '\u{1d7f6}',
    '\u{1e140}',
    '\u{1e2f0}',
    '\u{1e4f0}',
    '\u{1e5f1}',
    '\u{1e950}',
    '\u{1fbf0}',
];

/// Writes an entry in ASCII digits, before [`Pin::parse`](super::Pin::parse) reads it.
///
/// [`Pin::parse`](super::Pin::parse) itself takes ASCII only, so that a PIN is the same bytes
/// wherever it is typed; a host whose keyboards type Arabic-Indic, Devanagari or fullwidth digits
/// calls this first, at creation and at every unlock. Only decimal digits (general category Nd)
/// are converted, not Roman, superscript or Chinese numerals. Nothing is trimmed. The result is
/// wiped from memory when dropped.
///
/// ```
/// # use pinlatch::pin::{Pin, PinError, to_ascii_digits};
/// let pin = Pin::parse(&to_ascii_digits("٨٢٤٦٧١")?)?;
/// assert_eq!(*to_ascii_digits("٨٢٤٦٧١")?, "824671");
/// # Ok::<(), PinError>(())
/// ```
///
/// # Errors
/// [`PinError::NotDigits`] if any character is something else than a decimal digit.
pub fn to_ascii_digits(text: &str) -> Result<Zeroizing<String>, PinError> {
    // A digit takes at least one byte, so the string never grows and leaves no copy behind.
    let mut ascii = Zeroizing::new(String::with_capacity(text.len()));
    for character in text.chars() {
        let value = decimal_value(character).ok_or(PinError::NotDigits)?;
        ascii.extend(char::from_digit(value, 10));
    }
    Ok(ascii)
}

/// The value of a decimal digit of any script, 0 to 9.
pub(super) fn decimal_value(character: char) -> Option<u32> {
    let not_above = ZEROS.partition_point(|zero| *zero <= character);
    let zero = ZEROS.get(not_above.checked_sub(1)?)?;
    u32::from(character).checked_sub(u32::from(*zero)).filter(|value| *value < 10)
}
