//! What a new PIN must be (D19): of the length the policy asks for, entered twice alike, and not
//! easy to guess.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write as _};

use jiff::civil::Date;
use zeroize::Zeroizing;

use super::digits::decimal_value;
use super::entry::{Pin, PinLength};
use super::identity_code;
use super::weak::weakness;
use crate::refusal::{Cause, Refusal, RefusalCode};

/// The policy for new PINs: their length. The rules against weak PINs are always on, and the number
/// of attempts is no policy: it is five (D04).
///
/// With the feature `serde` it is `{"length":6}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct PinPolicy {
    length: PinLength,
}

impl PinPolicy {
    /// The policy with PINs of exactly this length; six digits unless set.
    ///
    /// It binds new PINs only. A PIN of another length that was made earlier stays valid.
    #[must_use]
    pub const fn with_length(mut self, length: PinLength) -> Self {
        self.length = length;
        self
    }

    /// The number of digits a new PIN must have.
    #[must_use]
    pub const fn length(&self) -> PinLength {
        self.length
    }

    /// Judges a new PIN, entered twice, of the person whom `personal` describes (R07, R08).
    ///
    /// # Errors
    /// The first that applies:
    /// - `PinMalformed` (`WrongLength`): the entry does not have the policy's length;
    /// - `PinMismatch`: the confirmation is another PIN;
    /// - `PinTooWeak` (`WeakByRule`): easy to guess for anybody, see [`Weakness`](super::Weakness);
    /// - `PinTooWeak` (`WeakByPersonalWord`): easy to guess for who knows the person.
    pub fn accept(&self, entry: &Pin, confirmation: &Pin, personal: &PersonalWords) -> Result<(), Refusal> {
        if entry.length() != self.length {
            return Err(self.length.refusal()); // D19
        }
        if !entry.same_as(confirmation) {
            return Err(Refusal::new(RefusalCode::PinMismatch)); // R08
        }
        if weakness(entry).is_some() {
            return Err(Refusal::because(RefusalCode::PinTooWeak, Cause::WeakByRule)); // D19
        }
        if personal.give_away(entry) {
            return Err(Refusal::because(RefusalCode::PinTooWeak, Cause::WeakByPersonalWord)); // D19
        }
        Ok(())
    }
}

/// The digits of what others know of a person: birth date, phone, employee number, postal code.
///
/// A PIN is weak by a word if the word's digits, forwards or backwards, contain the PIN, or the PIN
/// contains them. Give a word in each form in which it is written: `0401234567` as well as
/// `+358 40 123 4567`. A birth date has a [method of its own](Self::with_birth_date); give it at least, since
/// it is what people choose first. The birth date in a Finnish personal identity code is seen in the word.
///
/// Of each word only the decimal digits are kept, of any script; a word with fewer than four says
/// nothing about a PIN and is passed over. `Debug` shows none of it; wiped from memory when dropped.
///
/// ```
/// # use pinlatch::pin::{PersonalWords, PersonalWordsError, Pin, PinPolicy};
/// let known = PersonalWords::none().with("+358 40 735 9146")?.with_birth_date(1980, 12, 24)?;
/// let pin = Pin::parse("735914").unwrap();
/// assert!(PinPolicy::default().accept(&pin, &pin, &known).is_err());
/// # Ok::<(), PersonalWordsError>(())
/// ```
#[derive(Default)]
pub struct PersonalWords {
    /// ASCII digits, four or more in each. Every word has an allocation of its own that never
    /// grows, so that none is left behind unwiped when the list does.
    words: Vec<Zeroizing<String>>,
    /// How many words and dates the host has given.
    given: usize,
}

impl PersonalWords {
    /// The most words and birth dates, together.
    pub const MAX_WORDS: usize = 16;
    /// The most digits in one word: more than any phone, account or identity number has.
    pub const MAX_DIGITS: usize = 32;
    /// A word shorter than the shortest PIN can neither contain a PIN nor give one away.
    const MIN_DIGITS: usize = PinLength::MIN as usize;

    /// Nothing is known of the person.
    #[must_use]
    pub const fn none() -> Self {
        Self { words: Vec::new(), given: 0 }
    }

    /// Adds a word. Of a Finnish personal identity code, such as `131052-308T`, the date counts besides, as
    /// if [given](Self::with_birth_date) by itself.
    ///
    /// # Errors
    /// [`PersonalWordsError::TooManyWords`] beyond 16 words and dates,
    /// [`PersonalWordsError::WordTooLong`] beyond 32 digits. They are errors because a word left
    /// out in silence would let a weak PIN pass.
    pub fn with(mut self, word: &str) -> Result<Self, PersonalWordsError> {
        self.count_one()?;
        let mut digits = Zeroizing::new(String::with_capacity(Self::MAX_DIGITS));
        for value in word.chars().filter_map(decimal_value) {
            if digits.len() == Self::MAX_DIGITS {
                return Err(PersonalWordsError::WordTooLong);
            }
            digits.extend(char::from_digit(value, 10));
        }
        self.keep(digits);
        if let Some(date) = identity_code::birth_date(word) {
            self.keep_date(date); // D19
        }
        Ok(self)
    }

    /// Adds a birth date, as one word in the orders in which people write it: day, month and year,
    /// the year first, or the month first; with and without leading zeros; the year in four digits
    /// or two, alone, or left out. `24.12.1980` so rules out `241280`, `801224`, `122480`,
    /// `2412` and `1980` wherever they stand in a PIN.
    ///
    /// # Errors
    /// [`PersonalWordsError::NoSuchDay`] if the calendar has no such day in the years 1 to 9999,
    /// [`PersonalWordsError::TooManyWords`] beyond 16 words and dates.
    pub fn with_birth_date(mut self, year: i16, month: i8, day: i8) -> Result<Self, PersonalWordsError> {
        let date = Date::new(year, month, day).map_err(|_| PersonalWordsError::NoSuchDay)?;
        if date.year() < 1 {
            return Err(PersonalWordsError::NoSuchDay);
        }
        self.count_one()?;
        self.keep_date(date);
        Ok(self)
    }

    fn keep_date(&mut self, date: Date) {
        let (y, m, d) = (date.year(), date.month(), date.day());
        let yy = y.rem_euclid(100);
        // Every other form, such as day, month and full year, contains one of these.
        for form in [
            format_args!("{y:04}"),
            format_args!("{d:02}{m:02}"),
            format_args!("{m:02}{d:02}"),
            format_args!("{d:02}{m:02}{yy:02}"),
            format_args!("{m:02}{d:02}{yy:02}"),
            format_args!("{yy:02}{m:02}{d:02}"),
            format_args!("{d}{m}{yy:02}"),
            format_args!("{m}{d}{yy:02}"),
            format_args!("{yy:02}{m}{d}"),
        ] {
            self.keep_text(form);
        }
    }

    /// Whether one of the words gives the PIN away.
    fn give_away(&self, pin: &Pin) -> bool {
        let pin = pin.digits();
        self.words.iter().map(|word| word.as_bytes()).any(|word| overlap(word, pin))
    }

    fn count_one(&mut self) -> Result<(), PersonalWordsError> {
        if self.given >= Self::MAX_WORDS {
            return Err(PersonalWordsError::TooManyWords);
        }
        self.given = self.given.saturating_add(1);
        Ok(())
    }

    fn keep_text(&mut self, text: fmt::Arguments<'_>) {
        let mut digits = Zeroizing::new(String::with_capacity(Self::MAX_DIGITS));
        if digits.write_fmt(text).is_ok() {
            self.keep(digits);
        }
    }

    fn keep(&mut self, digits: Zeroizing<String>) {
        if digits.len() >= Self::MIN_DIGITS {
            self.words.push(digits);
        }
    }
}

/// Whether one contains the other, forwards or backwards.
fn overlap(word: &[u8], pin: &[u8]) -> bool {
    let (long, short) = if word.len() >= pin.len() { (word, pin) } else { (pin, word) };
    !short.is_empty()
        && long.windows(short.len()).any(|part| part == short || part.iter().eq(short.iter().rev()))
}

impl fmt::Debug for PersonalWords {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PersonalWords(redacted)") // I13
    }
}

/// Why a word was not added. It never contains the word (I13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum PersonalWordsError {
    /// More than 16 words and dates.
    #[error("at most 16 personal words: leave out the ones least likely to be known")]
    TooManyWords,
    /// More than 32 digits in one word.
    #[error("at most 32 digits in a personal word: give its parts one by one")]
    WordTooLong,
    /// There is no such day in the calendar.
    #[error("there is no such day: give year 1-9999, month 1-12 and a day of that month")]
    NoSuchDay,
}
