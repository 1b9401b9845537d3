//! What is written with the feature `serde` reads back, and nothing that breaks an invariant does.

use pinlatch::access::AccessPolicy;
use pinlatch::people::{CustomProfile, Person, Profile, Right, Rights, Role, Roles, UserAccess, Validity};
use serde::{Deserialize, Serialize};

use crate::given::access::*;

/// Writes one type and reads it as another.
fn convert<T: for<'a> Deserialize<'a>>(value: &impl Serialize) -> Result<T, postcard::Error> {
    postcard::from_bytes(&postcard::to_allocvec(value).unwrap())
}

#[test]
fn a_person_reads_back() {
    let person = employee(&[Travel])
        .with_bank_credentials()
        .with_employment(job(B, ended(), &[Salaries]).with_service_closed(Salaries, day(2026, 2, 3)))
        .with_user_access(user_of(A, everything()).with_role(Role::UserAdministrator))
        .with_user_access(user_of(B, Profile::Employee));
    assert_eq!(convert::<Person>(&person), Ok(person));
}

#[test]
fn a_person_with_two_user_accesses_in_one_company_does_not() {
    let access = UserAccess::new(A, current());
    let parts = |accesses| (ANNA, anna().credentials(), Vec::<u8>::new(), accesses, None::<u8>);
    assert!(convert::<Person>(&parts(vec![access.clone()])).is_ok());
    assert!(convert::<Person>(&parts(vec![access.clone(), access])).is_err());
}

#[test]
fn a_period_that_ends_before_it_begins_does_not() {
    let (first, last) = (day(2026, 1, 1), day(2026, 1, 2));
    assert!(convert::<Validity>(&(first, Some(last))).is_ok());
    assert!(convert::<Validity>(&(last, Some(first))).is_err());
}

#[test]
fn a_profile_that_grants_administration_does_not() {
    let all: Rights = Right::all().collect();
    assert!(convert::<CustomProfile>(&("Payroll", Rights::EMPTY)).is_ok());
    assert!(convert::<CustomProfile>(&("Payroll", all)).is_err());
}

#[test]
fn a_policy_that_lets_company_administrators_invite_does_not() {
    let answer = AccessPolicy::default().users_without_employment();
    let policy = |role| (answer, Roles::of(&[role]), None::<u8>, Vec::<u8>::new());
    assert!(convert::<AccessPolicy>(&policy(Role::UserAdministrator)).is_ok());
    assert!(convert::<AccessPolicy>(&policy(Role::CompanyAdministrator)).is_err());
}
