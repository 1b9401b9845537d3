//! Who administers whom.

use pinlatch::access::{
    AccessPolicy, Actor, Administrator, Channel, InvitingRolesError, UsersWithoutEmployment, administrator,
};
use pinlatch::people::{Person, Profile, Role, Roles, UserAccess};
use pinlatch::refusal::{Cause, Refusal, RefusalCode};

use crate::given::access::*;

fn not_authorised(cause: Cause) -> Refusal {
    Refusal::because(RefusalCode::NotAuthorised, cause)
}

fn under(policy: &AccessPolicy, person: &Person) -> Result<Administrator, Refusal> {
    let actor = Actor { person: person.id(), company: A, channel: Channel::Browser };
    administrator(Some(person), &actor, &today(), policy)
}

#[test]
fn r36_only_the_role_in_that_company_and_in_the_browser_administers() {
    let otto = otto(A, Role::UserAdministrator);
    let proven = proof(&otto, A).unwrap();
    assert_eq!((proven.person(), proven.company()), (OTTO, A));
    assert_eq!(proven.roles(), Roles::of(&[Role::UserAdministrator]));
    assert_eq!(proof(&otto, B), Err(not_authorised(Cause::RoleMissing)));
    assert_eq!(proof(&employee(&[Travel]), A), Err(not_authorised(Cause::RoleMissing)));

    let policy = AccessPolicy::default();
    let in_the_app = Actor { person: OTTO, company: A, channel: Channel::MobileApp };
    let refused = administrator(Some(&otto), &in_the_app, &today(), &policy);
    assert_eq!(refused, Err(not_authorised(Cause::WrongChannel)));
    let somebody_else = Actor { person: ANNA, company: A, channel: Channel::Browser };
    let refused = administrator(Some(&otto), &somebody_else, &today(), &policy);
    assert_eq!(refused, Err(not_authorised(Cause::AnotherPerson)));
    let refused = administrator(None, &somebody_else, &today(), &policy);
    assert_eq!(refused, Err(not_authorised(Cause::UnknownPerson)));
}

#[test]
fn r36_e25_an_administrator_has_no_say_over_the_people_of_another_company() {
    let admin = administrator_of_a();
    let unrelated = [
        anna(),
        anna().with_employment(job(B, current(), &[Travel])),
        anna().with_user_access(user_of(B, Profile::Employee)),
        anna().with_employment(job(A, ended(), &[Travel])).with_user_access(UserAccess::new(A, ended())),
    ];
    for person in unrelated {
        assert_eq!(admin.over(&person, &today()), Err(not_authorised(Cause::UnrelatedCompany)));
    }
    let related = [
        employee(&[]),
        anna().with_employment(job(A, future(), &[])),
        anna().with_user_access(user_of(A, Profile::NoRights)),
        anna().with_user_access(UserAccess::new(A, future())),
    ];
    for person in related {
        assert_eq!(admin.over(&person, &today()), Ok(()));
    }
}

#[test]
fn d15_a_user_administrator_has_a_say_over_oneself_for_the_invitation() {
    let otto = otto(A, Role::UserAdministrator);
    assert_eq!(proof(&otto, A).unwrap().over(&otto, &today()), Ok(()));
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
