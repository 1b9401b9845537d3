//! People and their places, what they ask for, and what an administrator does to them.

use pinlatch::access::Request;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{Action, ChargeableService, Employment, Function, Person, Profile, Role, UserAccess};
use pinlatch::refusal::RefusalCode;
use pinlatch_testkit::{ACME, InBrowser, World, since_last_year};

use super::access;
use super::outcomes::code;

/// An employment in ACME with these services.
pub(crate) fn job(services: &[ChargeableService]) -> Employment {
    access::job(ACME, since_last_year(), services)
}

pub(crate) fn salaries_in(company: CompanyId) -> Employment {
    access::job(company, since_last_year(), &[ChargeableService::Salaries])
}

pub(crate) fn travel_in(company: CompanyId) -> Employment {
    access::job(company, since_last_year(), &[ChargeableService::Travel])
}

/// An employee of ACME with these services and bank credentials.
pub(crate) fn employee_with(world: &World, services: &[ChargeableService]) -> PersonId {
    world.knows(world.stranger().with_bank_credentials().with_employment(job(services)))
}

/// The person keeps the bank credentials and this employment and nothing else.
pub(crate) fn only(job: Employment) -> impl FnOnce(Person) -> Person {
    move |person| Person::new(person.id()).with_bank_credentials().with_employment(job)
}

/// The person has no place anywhere any more.
pub(crate) fn nowhere(person: Person) -> Person {
    Person::new(person.id()).with_bank_credentials()
}

/// The person gets this role in ACME, besides what there is.
pub(crate) fn role(role: Role) -> impl FnOnce(Person) -> Person {
    move |person| person.with_user_access(UserAccess::new(ACME, since_last_year()).with_role(role))
}

/// The person becomes a user of that company with the profile of an employee.
pub(crate) fn employee_profile(company: CompanyId) -> impl FnOnce(Person) -> Person {
    let access = UserAccess::new(company, since_last_year()).with_profile(Profile::Employee);
    move |person| person.with_user_access(access)
}

/// The wish to read somebody's data of a function in the app.
pub(crate) fn request(company: CompanyId, function: Function, owner: PersonId) -> Request {
    Request { company, action: Action::Read, function, owner }
}

/// An administrator logs the person out from all devices.
pub(crate) fn revoke_all(world: &World, by: &InBrowser, person: PersonId) -> Result<(), RefusalCode> {
    code(world.gate.blocking().revoke_all(&by.session(), by.company, person))
}
