//! Who administers whom.

use std::num::NonZeroU16;

use pinlatch::access::{
    AccessPolicy, Administrator, BrowserSession, InvitingRolesError, LeaverAccess, UsersWithoutEmployment,
    administrator,
};
use pinlatch::people::{LocalDates, Person, Profile, Rights, Role, Roles, UserAccess, Validity};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};

use crate::given::access::*;

fn not_authorised(cause: Cause) -> Refusal {
    Refusal::because(RefusalCode::NotAuthorised, cause)
}

const REFUSED: Result<(), Refusal> =
    Err(Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany));

/// Whether A's administrator may raise, and may lower, what this person's account may do.
fn reach(person: &Person) -> (Result<(), Refusal>, Result<(), Refusal>) {
    let (admin, policy) = (administrator_of_a(), AccessPolicy::default());
    let (raise, lower) = (
        admin.reaches_to_raise(person, &today(), &policy),
        admin.reaches_to_lower(person, &today(), &policy),
    );
    (raise, lower)
}

fn under(policy: &AccessPolicy, person: &Person) -> Result<Administrator, Refusal> {
    administrator(Some(person), &BrowserSession::verified_by_host(person.id()), A, &today(), policy)
}

#[test]
fn r36_only_the_role_in_that_company_administers_and_only_by_ones_own_browser_session() {
    let otto = otto(A, Role::UserAdministrator);
    let proven = proof(&otto, A).unwrap();
    assert_eq!((proven.person(), proven.company()), (OTTO, A));
    assert_eq!(proven.roles(), Roles::of(&[Role::UserAdministrator]));
    assert_eq!(proof(&otto, B), Err(not_authorised(Cause::RoleMissing)));
    assert_eq!(proof(&employee(&[Travel]), A), Err(not_authorised(Cause::RoleMissing)));

    let policy = AccessPolicy::default();
    let annas = BrowserSession::verified_by_host(ANNA);
    let refused = administrator(Some(&otto), &annas, A, &today(), &policy);
    assert_eq!(refused, Err(not_authorised(Cause::AnotherPerson)));
    let refused = administrator(None, &annas, A, &today(), &policy);
    assert_eq!(refused, Err(not_authorised(Cause::UnknownPerson)));
}

#[test]
fn r36_e25_an_administrator_has_no_say_over_the_people_of_another_company() {
    let unrelated = [
        anna(),
        anna().with_employment(job(B, current(), &[Travel])),
        anna().with_user_access(user_of(B, Profile::Employee)),
    ];
    for person in unrelated {
        assert_eq!(reach(&person), (REFUSED, REFUSED), "{person:?}");
    }
    assert_eq!(reach(&employee(&[])), (Ok(()), Ok(())), "services do not matter");
    assert_eq!(reach(&anna().with_user_access(user_of(A, Profile::NoRights))), (Ok(()), Ok(())));
}

#[test]
fn d31_a_future_relation_gives_no_reach() {
    for person in [
        anna().with_employment(job(A, future(), &[])),
        anna().with_user_access(UserAccess::new(A, future())),
        anna().with_employment(job(A, future(), &[])).with_employment(job(B, ended(), &[])),
    ] {
        assert_eq!(reach(&person), (REFUSED, REFUSED), "{person:?}");
    }
}

#[test]
fn d31_over_who_is_in_effect_nowhere_the_company_that_ended_most_recently_may_lower() {
    let earlier = Validity::between(day(2026, 1, 1), day(2026, 11, 20)).unwrap();
    let was_here = anna().with_employment(job(A, ended(), &[Travel]));
    assert_eq!(reach(&was_here), (REFUSED, Ok(())));
    assert_eq!(reach(&anna().with_user_access(UserAccess::new(A, ended()))), (REFUSED, Ok(())));
    // A future relation elsewhere is none in effect.
    assert_eq!(reach(&was_here.clone().with_employment(job(B, future(), &[]))), (REFUSED, Ok(())));
    assert_eq!(reach(&was_here.clone().with_employment(job(B, earlier, &[]))), (REFUSED, Ok(())));
    assert_eq!(reach(&was_here.clone().with_employment(job(B, ended(), &[]))), (REFUSED, Ok(())), "a tie");
    // Who is in effect elsewhere, or was there later, is out of reach.
    assert_eq!(reach(&was_here.with_employment(job(B, current(), &[]))), (REFUSED, REFUSED));
    let here_earlier =
        anna().with_employment(job(A, earlier, &[])).with_user_access(UserAccess::new(B, ended()));
    assert_eq!(reach(&here_earlier), (REFUSED, REFUSED));
}

#[test]
fn d29_d31_a_leavers_days_count_as_in_effect() {
    let days = LeaverAccess::new(NonZeroU16::new(30).unwrap(), Rights::EMPTY).unwrap();
    let policy = AccessPolicy::default().with_leaver_access(Some(days));
    let left = anna().with_employment(job(A, ended(), &[Travel]));
    let reach = |person: &Person, dates: &LocalDates| {
        let admin = administrator_of_a();
        (admin.reaches_to_raise(person, dates, &policy), admin.reaches_to_lower(person, dates, &policy))
    };
    // The last day is the 21st of November, so the days end on the 21st of December.
    assert_eq!(reach(&left, &on(2026, 12, 21)), (Ok(()), Ok(())));
    assert_eq!(reach(&left, &on(2026, 12, 22)), (REFUSED, Ok(())));
}

#[test]
fn d15_a_user_administrator_has_a_say_over_oneself_for_the_invitation() {
    let otto = otto(A, Role::UserAdministrator);
    assert_eq!(reach(&otto), (Ok(()), Ok(())));
}

#[test]
fn e21_e22_a_role_counts_only_while_the_user_access_is_valid() {
    for validity in [ended(), future()] {
        let access = UserAccess::new(A, validity).with_role(Role::UserAdministrator);
        let person = Person::new(OTTO).with_user_access(access);
        assert_eq!(proof(&person, A), Err(not_authorised(Cause::RoleMissing)));
    }
}

#[test]
fn d14_by_default_the_user_administrator_alone_invites() {
    for role in Role::ALL {
        assert_eq!(proof(&otto(A, *role), A).is_ok(), *role == Role::UserAdministrator);
    }
}

#[test]
fn d14_the_accounting_office_can_be_added_and_a_company_administrator_never() {
    let both = Roles::of(&[Role::UserAdministrator, Role::AccountingOfficeAdministrator]);
    let policy = AccessPolicy::default().with_inviting_roles(both).unwrap();
    assert!(under(&policy, &otto(A, Role::UserAdministrator)).is_ok());
    assert!(under(&policy, &otto(A, Role::AccountingOfficeAdministrator)).is_ok());
    let refused = under(&policy, &otto(A, Role::CompanyAdministrator));
    assert_eq!(refused, Err(not_authorised(Cause::RoleMissing)));

    let with = |roles: &[Role]| AccessPolicy::default().with_inviting_roles(Roles::of(roles));
    assert_eq!(with(&[]), Err(InvitingRolesError::Empty));
    let company = Err(InvitingRolesError::CompanyAdministrator);
    assert_eq!(with(&[Role::CompanyAdministrator]), company);
    assert_eq!(with(&[Role::UserAdministrator, Role::CompanyAdministrator]), company);
}

#[test]
fn d12_d14_the_default_policy() {
    let policy = AccessPolicy::default();
    assert_eq!(policy.users_without_employment(), UsersWithoutEmployment::Allow);
    assert_eq!(policy.inviting_roles(), Roles::of(&[Role::UserAdministrator]));
}
