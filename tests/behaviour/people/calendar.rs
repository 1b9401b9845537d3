//! Days, periods, and what day it is in which company.

use pinlatch::people::{CalendarDate, CalendarError, LocalDates, Validity};
use pinlatch_testkit::{ACME, BOLT, day};

#[test]
fn days_are_ordered_by_year_then_month_then_day() {
    let days =
        [day(1, 1, 1), day(1, 12, 31), day(2, 1, 1), day(2025, 2, 1), day(2026, 1, 31), day(2026, 2, 1)];
    assert!(days.is_sorted_by(|earlier, later| earlier < later));
    for (year, month, day) in [(0, 1, 1), (2026, 2, 29), (2026, 4, 31)] {
        assert_eq!(CalendarDate::new(year, month, day), Err(CalendarError::NoSuchDay));
    }
    assert!(Validity::between(days[3], days[3]).is_ok(), "one day is a period");
    assert_eq!(Validity::between(days[4], days[3]), Err(CalendarError::EndsBeforeItBegins));
}

#[test]
fn the_day_given_last_for_a_company_is_the_one() {
    let dates =
        LocalDates::everywhere(day(2026, 1, 1)).with(ACME, day(2026, 1, 2)).with(ACME, day(2026, 1, 3));
    assert_eq!((dates.today(ACME), dates.today(BOLT)), (day(2026, 1, 3), day(2026, 1, 1)));
    assert_eq!(dates, LocalDates::everywhere(day(2026, 1, 1)).with(ACME, day(2026, 1, 3)));
}
