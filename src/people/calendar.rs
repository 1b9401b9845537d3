//! Calendar dates as the company sees them. A date is an input: nothing here reads a clock.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use jiff::civil::Date;

use crate::id::CompanyId;

/// Why something is no date, or no period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarError {
    /// There is no such day in the proleptic Gregorian calendar, years 1 to 9999.
    #[error("there is no such day: give year 1-9999, month 1-12 and a day of that month")]
    NoSuchDay,
    /// The text is no day of the calendar in the form of ISO 8601.
    #[error("no day of the years 0001 to 9999: write it as year, month and day, as in 2026-11-22")]
    NotADate,
    /// The last day lies before the first.
    #[error("the last day lies before the first day")]
    EndsBeforeItBegins,
}

/// A day in the proleptic Gregorian calendar, without a time zone.
///
/// Year, month and day are packed into one number in that order (five bits a day, four a month), so
/// that days, which every request compares, compare as numbers.
///
/// As text it is ISO 8601, `2026-11-22`: ten characters, and `FromStr` reads no other form. With the
/// feature `serde` the text is the form in human-readable formats; year, month and day in others.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarDate {
    packed: u32,
}

impl CalendarDate {
    /// The first day of year 1, before anything in this crate.
    pub const MIN: Self = Self::pack(1, 1, 1);

    /// The day with this year (1 to 9999), month (1 to 12) and day of the month (from 1).
    ///
    /// # Errors
    /// [`CalendarError::NoSuchDay`] if the calendar has no such day.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, CalendarError> {
        match Date::new(year, month, day) {
            Ok(date) if year >= 1 => Ok(Self::from_date(date)),
            _ => Err(CalendarError::NoSuchDay),
        }
    }

    fn from_date(date: Date) -> Self {
        Self::pack(date.year(), date.month(), date.day())
    }

    /// Of a day that exists, in the years 1 to 9999: none of the three is negative.
    const fn pack(year: i16, month: i8, day: i8) -> Self {
        let [year, month, day] =
            [year.unsigned_abs() as u32, month.unsigned_abs() as u32, day.unsigned_abs() as u32];
        Self { packed: year << 9 | month << 5 | day }
    }

    fn date(self) -> Date {
        Date::new(self.year(), self.month(), self.day()).unwrap_or(Date::ZERO)
    }

    /// The year, 1 to 9999.
    #[must_use]
    #[allow(clippy::cast_possible_truncation, reason = "a year was packed")]
    pub const fn year(self) -> i16 {
        (self.packed >> 9) as i16
    }

    /// The month, 1 to 12.
    #[must_use]
    pub const fn month(self) -> i8 {
        (self.packed >> 5 & 0b1111) as i8
    }

    /// The day of the month, from 1.
    #[must_use]
    pub const fn day(self) -> i8 {
        (self.packed & 0b1_1111) as i8
    }

    /// The last day of this month.
    #[must_use]
    pub fn last_of_month(self) -> Self {
        Self::from_date(self.date().last_of_month())
    }

    /// So many days later, at most the last day of year 9999.
    #[must_use]
    pub fn plus_days(self, days: u16) -> Self {
        Self::from_date(self.date().saturating_add(jiff::Span::new().days(i64::from(days))))
    }
}

impl FromStr for CalendarDate {
    type Err = CalendarError;

    /// # Errors
    /// [`CalendarError::NotADate`] for any other text than that of a day of the years 1 to 9999.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = text.parse().ok().filter(|date: &Date| date.year() >= 1).map(Self::from_date);
        // jiff reads many forms of ISO 8601, also of an instant: ours is what we write.
        date.filter(|date| date.to_string() == text).ok_or(CalendarError::NotADate)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for CalendarDate {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            <(i16, i8, i8)>::from(*self).serialize(serializer)
        }
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for CalendarDate {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let date = if deserializer.is_human_readable() {
            alloc::string::String::deserialize(deserializer)?.parse()
        } else {
            <(i16, i8, i8)>::deserialize(deserializer)?.try_into()
        };
        date.map_err(serde::de::Error::custom)
    }
}

impl TryFrom<(i16, i8, i8)> for CalendarDate {
    type Error = CalendarError;

    fn try_from((year, month, day): (i16, i8, i8)) -> Result<Self, Self::Error> {
        Self::new(year, month, day)
    }
}

impl From<CalendarDate> for (i16, i8, i8) {
    fn from(date: CalendarDate) -> Self {
        (date.year(), date.month(), date.day())
    }
}

impl fmt::Display for CalendarDate {
    /// ISO 8601: `2026-11-22`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

impl fmt::Debug for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.date().fmt(f)
    }
}

/// From a first day through a last day, both included; without a last day, until further notice.
///
/// With the feature `serde` a field of any other name than `first` and `last` is an error: a misspelt
/// last day would else be none (E40).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedValidity"))]
pub struct Validity {
    first: CalendarDate,
    last: Option<CalendarDate>,
}

/// A period as it was read, before it is known to end after it begins.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "Validity", deny_unknown_fields)]
struct UncheckedValidity {
    first: CalendarDate,
    last: Option<CalendarDate>,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedValidity> for Validity {
    type Error = CalendarError;

    fn try_from(read: UncheckedValidity) -> Result<Self, Self::Error> {
        read.last.map_or(Ok(Self::from(read.first)), |last| Self::between(read.first, last))
    }
}

impl Validity {
    /// Valid from `first` on, until further notice.
    #[must_use]
    pub const fn from(first: CalendarDate) -> Self {
        Self { first, last: None }
    }

    /// Valid from `first` through `last`.
    ///
    /// # Errors
    /// [`CalendarError::EndsBeforeItBegins`] if `last` lies before `first`.
    pub fn between(first: CalendarDate, last: CalendarDate) -> Result<Self, CalendarError> {
        if last < first {
            return Err(CalendarError::EndsBeforeItBegins);
        }
        Ok(Self { first, last: Some(last) })
    }

    /// The same, beginning on that day if it would begin later.
    pub(crate) fn beginning_by(self, day: CalendarDate) -> Self {
        Self { first: self.first.min(day), ..self }
    }

    /// The first day.
    #[must_use]
    pub const fn first(&self) -> CalendarDate {
        self.first
    }

    /// The last day, if there is one.
    #[must_use]
    pub const fn last(&self) -> Option<CalendarDate> {
        self.last
    }

    /// Whether `day` lies within.
    #[must_use]
    pub fn contains(&self, day: CalendarDate) -> bool {
        self.first <= day && !self.has_ended(day)
    }

    /// Whether the last day lies before `day`.
    #[must_use]
    pub fn has_ended(&self, day: CalendarDate) -> bool {
        self.last.is_some_and(|last| last < day)
    }

    /// Whether the first day lies after `day`.
    #[must_use]
    pub fn has_not_begun(&self, day: CalendarDate) -> bool {
        day < self.first
    }
}

/// What day it is, in each company's own time zone. The host supplies it with every request.
///
/// With the feature `serde` it is `{"elsewhere":"2026-11-22","companies":[{"company":…,"day":"2026-11-23"}]}`; a
/// field that is not known, or a company that stands twice, is an error (E40).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "UncheckedDates"))]
pub struct LocalDates {
    elsewhere: CalendarDate,
    companies: Vec<LocalDate>,
}

/// What day it is in one company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
struct LocalDate {
    company: CompanyId,
    day: CalendarDate,
}

/// Dates as they were read, before each company is known to have one.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
#[serde(rename = "LocalDates", deny_unknown_fields)]
struct UncheckedDates {
    elsewhere: CalendarDate,
    companies: Vec<LocalDate>,
}

#[cfg(feature = "serde")]
impl TryFrom<UncheckedDates> for LocalDates {
    type Error = &'static str;

    fn try_from(UncheckedDates { elsewhere, companies }: UncheckedDates) -> Result<Self, Self::Error> {
        let known: alloc::collections::BTreeSet<CompanyId> =
            companies.iter().map(|local| local.company).collect();
        if known.len() == companies.len() {
            Ok(Self { elsewhere, companies })
        } else {
            Err("a company stands twice: it is one day there")
        }
    }
}

impl LocalDates {
    /// The same day in every company.
    #[must_use]
    pub const fn everywhere(day: CalendarDate) -> Self {
        Self { elsewhere: day, companies: Vec::new() }
    }

    /// With another day in one company.
    #[must_use]
    pub fn with(mut self, company: CompanyId, day: CalendarDate) -> Self {
        self.companies.retain(|known| known.company != company);
        self.companies.push(LocalDate { company, day });
        self
    }

    /// The day in that company.
    #[inline]
    #[must_use]
    pub fn today(&self, company: CompanyId) -> CalendarDate {
        self.companies.iter().find(|known| known.company == company).map_or(self.elsewhere, |local| local.day)
    }
}
