//! Whose services count: one's own for own data, the owner's for company-wide rights (R22).

use pinlatch::access::{
    AccessPolicy, Action, Channel, Decision, Function, Reach, Request, Right, Rights, decide,
};
use pinlatch::people::{Person, Profile, Validity};
use pinlatch::refusal::{Cause, RefusalCode};

use crate::given::access::*;

/// A clerk of A who is employed nowhere, with the right to read everybody's salary information.
fn clerk() -> Person {
    let right = Right::new(Action::Read, Function::SalaryInformation, Reach::Company);
    anna().with_user_access(user_of(A, custom(Rights::of(&[right]))))
}

fn salary_of(asker: &Person, owner: Option<&Person>) -> Decision {
    let request =
        Request { company: A, action: Action::Read, function: Function::SalaryInformation, owner: OTTO };
    decide(Some(asker), Channel::MobileApp, &request, owner, &today(), &AccessPolicy::default())
}

fn code(decision: Decision) -> Option<RefusalCode> {
    decision.refusal().map(pinlatch::refusal::Refusal::code)
}

fn otto_with(jobs: &[pinlatch::people::Employment]) -> Person {
    jobs.iter().copied().fold(Person::new(OTTO), Person::with_employment)
}

#[test]
fn r22_company_wide_rights_hold_by_the_owners_services() {
    let read = |otto: &Person| code(salary_of(&clerk(), Some(otto)));
    assert_eq!(read(&otto_with(&[job(A, current(), &[Salaries])])), None);
    let not_in_services = Some(RefusalCode::FunctionNotInServices);
    assert_eq!(read(&otto_with(&[job(A, current(), &[Travel])])), not_in_services);
    // E19: closed last month.
    let closed = job(A, current(), &[Salaries]).with_service_closed(Salaries, day(2026, 10, 5));
    assert_eq!(read(&otto_with(&[closed])), not_in_services);
    // E26: two employments unite their services, also where one has ended.
    let both = [job(A, current(), &[Travel]), job(A, ended(), &[Salaries])];
    assert_eq!(read(&otto_with(&both)), None);
}

#[test]
fn r22_an_employment_that_has_ended_counts_with_the_services_of_its_last_day() {
    let left = Validity::between(day(2020, 1, 1), day(2024, 6, 15)).unwrap();
    let read = |job| code(salary_of(&clerk(), Some(&otto_with(&[job]))));
    assert_eq!(read(job(A, left, &[Salaries])), None);
    assert_eq!(read(job(A, left, &[Travel])), Some(RefusalCode::FunctionNotInServices));
    // Closed in May: not in effect on the last day. Closed in June: in effect to the end of that month.
    let closed = |month| job(A, left, &[Salaries]).with_service_closed(Salaries, day(2024, month, 3));
    assert_eq!(read(closed(5)), Some(RefusalCode::FunctionNotInServices));
    assert_eq!(read(closed(6)), None);
}

#[test]
fn r22_an_unknown_or_unrelated_owner_is_refused_as_a_known_one_without_the_right() {
    let unrelated = [
        None,
        Some(otto_with(&[])),
        Some(otto_with(&[job(B, current(), &[Salaries])])),
        Some(otto_with(&[job(A, future(), &[Salaries])])),
        Some(Person::new(OTTO).with_user_access(user_of(A, Profile::Employee))),
        // Facts of somebody else than the one asked about are none.
        Some(colleague(pinlatch::id::PersonId::from_u128(3))),
    ];
    let known = otto_with(&[job(A, current(), &[Salaries])]);
    let no_right = anna().with_user_access(user_of(A, Profile::NoRights));
    let own_only = employee(&[Salaries]).with_user_access(user_of(A, Profile::Employee));
    for (asker, expected) in [
        (clerk(), RefusalCode::NoRight),
        (no_right, RefusalCode::NoRight),
        (own_only, RefusalCode::NotOwnData),
    ] {
        for owner in &unrelated {
            assert_eq!(code(salary_of(&asker, owner.as_ref())), Some(expected), "{owner:?}");
        }
        if asker != clerk() {
            assert_eq!(code(salary_of(&asker, Some(&known))), Some(expected));
        }
    }
    let cause = salary_of(&clerk(), None).refusal().unwrap().cause();
    assert_eq!(cause, Cause::UnrelatedOwner, "the audit trail learns more");
}

#[test]
fn r22_who_has_no_right_learns_nothing_of_the_owners_services() {
    let own_only = employee(&[Travel]);
    for services in [&[][..], &[Salaries], &[Travel], &[Travel, Salaries]] {
        let otto = otto_with(&[job(A, current(), services)]);
        assert_eq!(code(salary_of(&own_only, Some(&otto))), Some(RefusalCode::NotOwnData));
    }
}

#[test]
fn r22_own_data_need_an_own_employment_in_effect() {
    let gone =
        anna().with_employment(job(A, ended(), &[Salaries])).with_user_access(user_of(A, everything()));
    let no = own(&gone, Action::Read, Function::SalaryInformation, &today());
    assert_eq!(code(no), Some(RefusalCode::FunctionNotInServices));
    let yesterday = on(2026, 11, 21);
    assert!(own(&gone, Action::Read, Function::SalaryInformation, &yesterday).is_allowed());
}
