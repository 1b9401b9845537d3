//! For the tests of the pure functions of `access`: people, days and questions in one line each.
//! Today is Sunday, 22 November 2026.

use pinlatch::access::{
    AccessPolicy, Action, Administrator, BrowserSession, Channel, Decision, Eligibility, Function, Functions,
    Ineligible, Reach, Request, Right, Rights, administrator, decide, eligibility, functions_offered,
};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{
    ChargeableService, CustomProfile, Employment, LocalDates, Person, Profile, Role, UserAccess, Validity,
};
use pinlatch::refusal::Refusal;

pub(crate) use pinlatch::people::ChargeableService::{Salaries, Travel};
pub(crate) use pinlatch_testkit::day;

pub(crate) const A: CompanyId = CompanyId::from_u128(0xa);
pub(crate) const B: CompanyId = CompanyId::from_u128(0xb);
pub(crate) const ANNA: PersonId = PersonId::from_u128(1);
pub(crate) const OTTO: PersonId = PersonId::from_u128(2);

pub(crate) fn on(year: i16, month: i8, of_month: i8) -> LocalDates {
    LocalDates::everywhere(day(year, month, of_month))
}

pub(crate) fn today() -> LocalDates {
    on(2026, 11, 22)
}

/// Since January, until further notice.
pub(crate) fn current() -> Validity {
    Validity::from(day(2026, 1, 1))
}

/// Through yesterday.
pub(crate) fn ended() -> Validity {
    Validity::between(day(2026, 1, 1), day(2026, 11, 21)).unwrap()
}

/// From tomorrow on.
pub(crate) fn future() -> Validity {
    Validity::from(day(2026, 11, 23))
}

pub(crate) fn job(company: CompanyId, validity: Validity, services: &[ChargeableService]) -> Employment {
    services.iter().copied().fold(Employment::new(company, validity), Employment::with_service)
}

pub(crate) fn anna() -> Person {
    Person::new(ANNA)
}

/// Anna, currently employed by A with these services.
pub(crate) fn employee(services: &[ChargeableService]) -> Person {
    anna().with_employment(job(A, current(), services))
}

pub(crate) fn user_of(company: CompanyId, profile: Profile) -> UserAccess {
    UserAccess::new(company, current()).with_profile(profile)
}

/// A profile with every right that a profile can grant.
pub(crate) fn everything() -> Profile {
    let rights: Rights = Right::all().filter(|right| right.function != Function::UsersAndRoles).collect();
    custom(rights)
}

/// A profile with the right to read everybody's working hours in the company.
pub(crate) fn reads_all_hours() -> Profile {
    custom(Rights::of(&[Right::new(Action::Read, Function::WorkingHours, Reach::Company)]))
}

pub(crate) fn custom(rights: Rights) -> Profile {
    Profile::Custom(CustomProfile::new("Payroll", rights).unwrap())
}

/// Otto, a user of that company with that role and nothing else.
pub(crate) fn otto(company: CompanyId, role: Role) -> Person {
    Person::new(OTTO).with_user_access(UserAccess::new(company, current()).with_role(role))
}

/// Somebody employed by A and B with both services.
pub(crate) fn colleague(id: PersonId) -> Person {
    [A, B].into_iter().fold(Person::new(id), |person, company| {
        person.with_employment(job(company, current(), &[Travel, Salaries]))
    })
}

pub(crate) fn in_app(person: &Person, dates: &LocalDates) -> Result<Eligibility, Ineligible> {
    eligibility(Some(person), Channel::MobileApp, dates, &AccessPolicy::default())
}

pub(crate) fn in_browser(person: &Person, dates: &LocalDates) -> Result<Eligibility, Ineligible> {
    eligibility(Some(person), Channel::Browser, dates, &AccessPolicy::default())
}

/// Asks for `person`'s own data of company A in the app.
pub(crate) fn own(person: &Person, action: Action, function: Function, dates: &LocalDates) -> Decision {
    ask(person, Channel::MobileApp, A, action, function, person.id(), dates)
}

/// Asks for Otto's data of company A in the app.
pub(crate) fn ottos(person: &Person, action: Action, function: Function) -> Decision {
    ask(person, Channel::MobileApp, A, action, function, OTTO, &today())
}

pub(crate) fn ask(
    person: &Person,
    channel: Channel,
    company: CompanyId,
    action: Action,
    function: Function,
    owner: PersonId,
    dates: &LocalDates,
) -> Decision {
    let request = Request { company, action, function, owner };
    let otto = colleague(OTTO);
    decide(Some(person), channel, &request, Some(&otto), dates, &AccessPolicy::default())
}

pub(crate) fn menu(person: &Person, company: CompanyId, dates: &LocalDates) -> Functions {
    functions_offered(Some(person), Channel::MobileApp, company, dates, &AccessPolicy::default())
}

/// The proof that `person` administers the users of that company, by a browser session.
pub(crate) fn proof(person: &Person, company: CompanyId) -> Result<Administrator, Refusal> {
    let session = BrowserSession::verified_by_host(person.id());
    administrator(Some(person), &session, company, &today(), &AccessPolicy::default())
}

/// Otto's proof as user administrator of A.
pub(crate) fn administrator_of_a() -> Administrator {
    proof(&otto(A, Role::UserAdministrator), A).unwrap()
}
