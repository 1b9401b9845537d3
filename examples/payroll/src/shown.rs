//! Days and instants, as people read them.

use pinlatch::people::CalendarDate;
use pinlatch::refusal::Language;
use pinlatch::time::Timestamp;

use crate::town;

/// A day: `22 Nov 2026`, `22.11.2026`.
pub(crate) fn day(day: CalendarDate, language: Language) -> String {
    let form = if language == Language::Finnish { "%-d.%-m.%Y" } else { "%-d %b %Y" };
    jiff::civil::Date::new(day.year(), day.month(), day.day())
        .map_or_else(|_| day.to_string(), |date| date.strftime(form).to_string())
}

/// An instant where the companies are, to the minute.
pub(crate) fn minute(at: Timestamp, language: Language) -> String {
    local(at, if language == Language::Finnish { "%-d.%-m.%Y klo %-H.%M" } else { "%-d %b %Y, %H:%M" })
}

/// An instant where the companies are, to the second.
pub(crate) fn second(at: Timestamp) -> String {
    local(at, "%F %T")
}

fn local(at: Timestamp, form: &str) -> String {
    let instant =
        i64::try_from(at.as_unix_millis()).ok().and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
    instant.map_or_else(|| at.to_string(), |at| at.to_zoned(town::time_zone()).strftime(form).to_string())
}
