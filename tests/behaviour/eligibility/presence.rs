//! Does a person still stand anywhere, and was there a gap since the session began (E22, E23)?

use std::num::NonZeroU16;

use pinlatch::access::Presence::{Between, Gone, Stands};
use pinlatch::access::{AccessPolicy, LeaverAccess, Presence, latest_date, presence};
use pinlatch::people::{CalendarDate, LocalDates, Person, Rights, UserAccess, Validity};

use crate::given::access::*;

fn stands(person: &Person, begun_on: CalendarDate, dates: &LocalDates) -> Presence {
    presence(Some(person), begun_on, dates, &AccessPolicy::default())
}

fn until(first: (i16, i8, i8), last: (i16, i8, i8)) -> Validity {
    Validity::between(day(first.0, first.1, first.2), day(last.0, last.1, last.2)).unwrap()
}

const BEGUN: (i16, i8, i8) = (2026, 3, 1);

fn begun() -> CalendarDate {
    day(BEGUN.0, BEGUN.1, BEGUN.2)
}

#[test]
fn e23_whoever_has_an_employment_or_a_user_access_stands_with_or_without_services() {
    for person in [employee(&[]), anna().with_user_access(UserAccess::new(A, current()))] {
        assert_eq!(stands(&person, begun(), &today()), Stands);
    }
    let gone = [
        anna(),
        anna().with_employment(job(A, ended(), &[Travel])),
        anna().with_employment(job(A, future(), &[Travel])),
        anna().with_user_access(UserAccess::new(A, ended())),
    ];
    for person in gone {
        assert_eq!(stands(&person, begun(), &today()), Gone, "{person:?}");
    }
    assert_eq!(presence(None, begun(), &today(), &AccessPolicy::default()), Gone);
}

#[test]
fn e23_a_gap_counts_even_if_nobody_noticed_it() {
    let left = job(A, until((2026, 1, 1), (2026, 6, 30)), &[Travel]);
    let rehired =
        |first| anna().with_employment(left).with_employment(job(A, Validity::from(first), &[Travel]));
    // Rehired the next day: no day between.
    assert_eq!(stands(&rehired(day(2026, 7, 1)), begun(), &today()), Stands);
    // One day between, the 1st of July.
    let person = rehired(day(2026, 7, 2));
    assert_eq!(stands(&person, begun(), &today()), Gone);
    assert_eq!(stands(&person, day(2026, 6, 30), &today()), Gone, "begun on the day before the gap");
    assert_eq!(stands(&person, day(2026, 7, 1), &today()), Stands, "that day itself is not asked about");
    assert_eq!(stands(&person, day(2026, 7, 2), &today()), Stands, "begun after it");
    // Another relation bridges it, wherever it is; and services do not matter.
    let bridge = UserAccess::new(B, until((2026, 6, 1), (2026, 7, 1)));
    assert_eq!(stands(&person.with_user_access(bridge), begun(), &today()), Stands);
}

#[test]
fn e23_a_gap_ends_before_the_earliest_of_todays_dates() {
    // Ended on the 20th, begins on the 22nd: the 21st is a gap once it is over everywhere.
    let left = job(A, until((2026, 1, 1), (2026, 11, 20)), &[]);
    let person = anna().with_employment(left).with_employment(job(B, Validity::from(day(2026, 11, 22)), &[]));
    assert_eq!(stands(&person, begun(), &on(2026, 11, 21)), Gone, "stands on none of today's dates");
    assert_eq!(stands(&person, begun(), &on(2026, 11, 22)), Gone, "a gap since");
    let west = on(2026, 11, 22).with(A, day(2026, 11, 21));
    assert_eq!(stands(&person, begun(), &west), Stands, "not over yet in A's zone");
}

#[test]
fn e23_a_moment_between_two_dates_is_refused_and_not_wiped() {
    // A's last day is the 21st, and there it is the 22nd already; B's first is the 22nd, and there it is not yet.
    let person = anna()
        .with_employment(job(A, until((2026, 1, 1), (2026, 11, 21)), &[Travel]))
        .with_employment(job(B, Validity::from(day(2026, 11, 22)), &[Travel]));
    let between = on(2026, 11, 22).with(B, day(2026, 11, 21));
    assert_eq!(stands(&person, begun(), &between), Between);
    let no = in_app(&person, &between).unwrap_err();
    assert!(!no.ends_sessions());
    assert_eq!(stands(&person, begun(), &on(2026, 11, 21)), Stands);
    assert_eq!(stands(&person, begun(), &on(2026, 11, 22)), Stands);
}

#[test]
fn e23_a_beginning_later_than_today_counts_as_the_first_day_of_the_eldest_period() {
    let (wrong, left) = (day(2099, 1, 1), until((2020, 1, 1), (2024, 6, 30)));
    let without_gap = employee(&[]);
    assert_eq!(stands(&without_gap, wrong, &today()), Stands);
    let with_gap = employee(&[]).with_employment(job(A, left, &[]));
    assert_eq!(stands(&with_gap, wrong, &today()), Gone);
    assert_eq!(stands(&with_gap, day(2026, 11, 22), &today()), Stands, "today is not later than today");
}

#[test]
fn d31_e23_no_day_is_asked_about_up_to_which_the_facts_are_incomplete() {
    let first = Validity::from(day(2026, 7, 2));
    let rehired = || anna().with_employment(job(A, first, &[]));
    assert_eq!(stands(&rehired(), begun(), &today()), Gone);
    let forgotten = |last| rehired().with_incomplete_until(last);
    assert_eq!(stands(&forgotten(day(2026, 7, 1)), begun(), &today()), Stands);
    assert_eq!(
        stands(&forgotten(day(2026, 6, 30)), begun(), &today()),
        Gone,
        "the 1st of July is asked about"
    );
    // By facts that are incomplete up to today and later nothing is wiped.
    let unknown = anna().with_employment(job(A, ended(), &[])).with_incomplete_until(day(2027, 1, 1));
    assert_eq!(stands(&unknown, begun(), &today()), Between);
}

#[test]
fn d29_e23_a_leavers_days_are_days_on_which_the_person_stands() {
    let leaver = LeaverAccess::new(NonZeroU16::new(10).unwrap(), Rights::EMPTY).unwrap();
    let policy = AccessPolicy::default().with_leaver_access(Some(leaver));
    let left = anna().with_employment(job(A, ended(), &[]));
    let on_day = |person: &Person, dates| presence(Some(person), begun(), &dates, &policy);
    // The last day is the 21st of November.
    assert_eq!(on_day(&left, on(2026, 12, 1)), Stands);
    assert_eq!(on_day(&left, on(2026, 12, 2)), Gone);
    let rehired = |first| left.clone().with_employment(job(A, Validity::from(first), &[]));
    assert_eq!(on_day(&rehired(day(2026, 12, 2)), on(2026, 12, 24)), Stands, "no day between");
    assert_eq!(on_day(&rehired(day(2026, 12, 3)), on(2026, 12, 24)), Gone);
}

#[test]
fn e23_a_session_begins_on_the_latest_of_the_companies_dates() {
    let person = employee(&[]).with_employment(job(B, ended(), &[]));
    let dates = on(2026, 11, 30).with(A, day(2026, 11, 22)).with(B, day(2026, 11, 23));
    assert_eq!(latest_date(&person, &dates), Some(day(2026, 11, 23)));
    assert_eq!(latest_date(&anna(), &dates), None);
}

#[test]
fn e23_long_histories_are_walked_by_period_to_the_end_of_the_calendar() {
    let monthly = (1..=12).map(|month| {
        let first = day(2026, month, 1);
        job(A, Validity::between(first, first.last_of_month()).unwrap(), &[])
    });
    let person = monthly.rev().fold(anna(), Person::with_employment);
    assert_eq!(stands(&person, day(2026, 1, 1), &on(2026, 12, 31)), Stands);
    let forever = anna().with_employment(job(A, until((1, 1, 1), (9999, 12, 31)), &[]));
    assert_eq!(stands(&forever, CalendarDate::MIN, &on(9999, 12, 31)), Stands);
}
