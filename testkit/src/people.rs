//! People, companies and days in one line.

use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{CalendarDate, CalendarError, Validity};

/// A company.
pub const ACME: CompanyId = company(1);

/// Another company.
pub const BOLT: CompanyId = company(2);

/// Today, in the world's calendar: Sunday, 22 November 2026.
#[must_use]
pub fn today() -> CalendarDate {
    day(2026, 11, 22)
}

/// The company with this number.
#[must_use]
pub const fn company(number: u128) -> CompanyId {
    CompanyId::from_u128(number)
}

/// The person with this number.
#[must_use]
pub const fn person(number: u128) -> PersonId {
    PersonId::from_u128(number)
}

/// A day, or the first day of the calendar if there is no such day.
#[must_use]
pub fn day(year: i16, month: i8, day: i8) -> CalendarDate {
    let made: Result<CalendarDate, CalendarError> = CalendarDate::new(year, month, day);
    made.unwrap_or(CalendarDate::MIN)
}

/// Valid from the first of January 2025 on.
#[must_use]
pub fn since_last_year() -> Validity {
    Validity::from(day(2025, 1, 1))
}
