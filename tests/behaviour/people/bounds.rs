//! How much is kept of a person, and what makes room (D31).

use pinlatch::access::users_and_roles::{end_user_access, establish_user, hire};
use pinlatch::id::CompanyId;
use pinlatch::people::{CalendarDate, Person, Services, UserAccess, Validity};
use pinlatch::refusal::{Refusal, RefusalCode};

use crate::given::access::*;

const FULL: Refusal = Refusal::new(RefusalCode::RecordFull);

fn number(company: u128) -> CompanyId {
    CompanyId::from_u128(0xc0 + company)
}

fn year(year: i16) -> Validity {
    Validity::between(day(year, 1, 1), day(year, 12, 31)).unwrap()
}

/// Anna with as many employments in A as there may be, all of them current.
fn full_of_live_ones() -> Person {
    std::iter::repeat_n(job(A, current(), &[]), Person::MOST_EMPLOYMENTS)
        .fold(anna(), Person::with_employment)
}

fn hired(person: &Person) -> Result<Person, Refusal> {
    let services = Services::of(&[Travel]);
    hire(&administrator_of_a(), person, current(), services, &today()).map(|changed| changed.person)
}

#[test]
fn d31_a_further_live_employment_is_refused() {
    let full = full_of_live_ones();
    assert_eq!(hired(&full), Err(FULL));
    // Of another company it is not: one cannot fill the record for the other.
    let elsewhere = full_of_live_ones()
        .employments()
        .iter()
        .fold(anna(), |person, _| person.with_employment(job(B, current(), &[])));
    assert!(hired(&elsewhere).is_ok());
}

#[test]
fn d31_the_eldest_ended_employment_makes_room_and_leaves_its_last_day() {
    let old = (1990..1990 + 31).map(|of| job(A, year(of), &[]));
    let person = old.fold(anna(), Person::with_employment).with_employment(job(A, current(), &[]));
    assert_eq!(person.incomplete_until(), None);
    let person = hired(&person).unwrap();
    assert_eq!(person.employments().len(), Person::MOST_EMPLOYMENTS);
    assert!(!person.employments().contains(&job(A, year(1990), &[])));
    assert_eq!(person.incomplete_until(), Some(day(1990, 12, 31)));
    // The latest such day counts.
    let again = hire(&administrator_of_a(), &person, current(), Services::EMPTY, &today());
    let refused = again.map(|changed| changed.person.incomplete_until());
    assert_eq!(refused, Err(Refusal::new(RefusalCode::NothingToChange)), "the very same employment");
    let later = Validity::from(day(2026, 11, 1));
    let again = hire(&administrator_of_a(), &person, later, Services::EMPTY, &today()).unwrap().person;
    assert_eq!(again.incomplete_until(), Some(day(1991, 12, 31)));
}

#[test]
fn d31_thousands_of_hirings_by_one_company_do_not_fill_the_record_for_another() {
    let mut person = anna();
    let mut refused = 0;
    for since in 0..8_500 {
        let first = day(2026, 11, 22).plus_days(since);
        match hire(&administrator_of_a(), &person, Validity::from(first), Services::EMPTY, &today()) {
            Ok(changed) => person = changed.person,
            Err(refusal) => {
                assert_eq!(refusal, FULL);
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 8_500 - Person::MOST_EMPLOYMENTS);
    let of_b = proof(&otto(B, pinlatch::people::Role::UserAdministrator), B).unwrap();
    assert!(hire(&of_b, &person, current(), Services::EMPTY, &today()).is_ok());
}

#[test]
fn d31_a_65th_company_takes_the_place_of_the_one_where_all_ended_first() {
    let employed = |validity: fn(u128) -> Validity| {
        (0..64).fold(anna(), |person, of| person.with_employment(job(number(of), validity(of), &[])))
    };
    let live = employed(|_| current());
    assert_eq!(hired(&live), Err(FULL));
    assert_eq!(establish_user(&administrator_of_a(), &live, current(), &today()).map(drop), Err(FULL));
    let ended = employed(|of| year(1940 + of as i16));
    let with_access = ended.with_user_access(UserAccess::new(number(0), year(2000)));
    let person = hired(&with_access).unwrap();
    // Company 0 ended in 2000 for good, so company 1 goes, which ended in 1941.
    assert_eq!(person.employments_in(number(1)).count(), 0);
    assert_eq!(person.employments_in(number(0)).count(), 1);
    assert_eq!(person.incomplete_until(), Some(day(1941, 12, 31)));
}

#[test]
fn d31_the_facts_that_a_host_gives_are_kept_within_the_bounds() {
    let full = full_of_live_ones();
    let one_more = full.clone().with_employment(job(A, current(), &[Travel]));
    assert_eq!(one_more, full, "left out: right is what was there");
    let with_ended = full.clone().with_employment(job(A, ended(), &[]));
    assert_eq!(
        (with_ended.employments(), with_ended.incomplete_until()),
        (full.employments(), Some(day(2026, 11, 21)))
    );
}

#[test]
fn e22_e23_a_user_access_established_anew_leaves_the_last_day_of_the_one_that_ended() {
    let admin = administrator_of_a();
    let user = anna().with_user_access(UserAccess::new(A, current())).with_employment(job(A, current(), &[]));
    let left = end_user_access(&admin, &user, day(2026, 11, 10), &today()).unwrap().person;
    let again = establish_user(&admin, &left, Validity::from(day(2026, 11, 22)), &today()).unwrap().person;
    assert_eq!(again.incomplete_until(), Some(day(2026, 11, 10)));
    // A change of the period of one that has not ended leaves none.
    let longer = Validity::between(day(2026, 1, 1), day(2027, 1, 1)).unwrap();
    let changed = establish_user(&admin, &user, longer, &today()).unwrap().person;
    assert_eq!(changed.incomplete_until(), None::<CalendarDate>);
}
