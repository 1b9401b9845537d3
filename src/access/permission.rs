//! May this person do this, here, with these data?
//!
//! The guards, in order; the first that refuses decides:
//!
//! 1. the channel as a whole: [`eligibility`] (R17–R19, D12);
//! 2. the company, in the browser: only a user of *that* company acts there (R18, E25);
//! 3. the service: the function belongs to a service in effect in that company (R22, I09);
//! 4. the right, and whose data it reaches: implicit rights or the profile (D10, R23, R25, I10).
//!
//! Users and roles belong to no service and to no profile: after the second guard the channel,
//! the role and D15 decide.

use crate::id::{CompanyId, PersonId};
use crate::people::{
    Action, CalendarDate, Function, Functions, LocalDates, Person, Profile, Reach, Right, Rights, Services,
    UserAccess,
};
use crate::refusal::{Cause, Refusal, RefusalCode};

use super::channel::Channel;
use super::eligibility::{Ineligible, eligibility};
use super::policy::AccessPolicy;
use super::rule::Rule;

/// What is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where the person acts.
    pub channel: Channel,
    /// The company whose data it is about.
    pub company: CompanyId,
    /// What is to be done.
    pub action: Action,
    /// With which function.
    pub function: Function,
    /// Whose data it is about: the person's own id for own data.
    pub owner: PersonId,
}

/// Decides whether a person may do what is requested, by today's facts (E20, E21).
///
/// It allocates nothing, so it may be asked at every request. For [`Function::UsersAndRoles`] it
/// decides about the acting person only: whether the owner belongs to the company is
/// [`Administrator::over`](super::Administrator::over)'s to say.
pub fn decide(
    person: Option<&Person>,
    request: &Request,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Decision {
    if let Err(ineligible) = eligibility(person, request.channel, dates, policy) {
        return ineligible.into();
    }
    let Some(person) = person else {
        return Decision::refused(
            Rule::NeitherEmployeeNorUser,
            RefusalCode::NotEligible,
            Cause::UnknownPerson,
        );
    };
    let today = dates.today(request.company);
    if request.channel == Channel::Browser && person.valid_user_access(request.company, today).is_none() {
        return Decision::refused(Rule::BrowserForUsersOnly, RefusalCode::NotAUser, Cause::AsCoded); // R18, E25
    }
    match request.function {
        Function::UsersAndRoles => decide_administration(person, request, today, policy),
        Function::SalaryInformation | Function::WorkingHours | Function::TravelExpenseReports => {
            decide_payroll(person, request, today)
        }
    }
}

/// The functions to offer to a person in a company, for a menu: those with which [`decide`]
/// allows anything at all. Always within the services in effect there (R22, I09).
#[must_use]
pub fn functions_offered(
    person: Option<&Person>,
    channel: Channel,
    company: CompanyId,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Functions {
    let (Some(person), Ok(_)) = (person, eligibility(person, channel, dates, policy)) else {
        return Functions::EMPTY;
    };
    let today = dates.today(company);
    let payroll = Holdings::of(person, company, today).functions();
    match (channel, person.valid_user_access(company, today)) {
        (Channel::Browser, None) => Functions::EMPTY, // R18
        (Channel::Browser, Some(access)) if policy.lets_administer(access) => {
            payroll.with(Function::UsersAndRoles)
        }
        (Channel::MobileApp, _) | (Channel::Browser, Some(_)) => payroll,
    }
}

/// Allowed or refused, and by which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "a decision protects nothing unless it is obeyed"]
pub struct Decision {
    rule: Rule,
    refusal: Option<Refusal>,
}

impl Decision {
    /// Whether the request is allowed.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    /// The rule that decided.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// The refusal, unless the request is allowed.
    #[must_use]
    pub const fn refusal(&self) -> Option<Refusal> {
        self.refusal
    }

    /// The rule that allows the request.
    ///
    /// # Errors
    /// The refusal.
    pub fn into_result(self) -> Result<Rule, Refusal> {
        self.refusal.map_or(Ok(self.rule), Err)
    }

    const fn allowed(rule: Rule) -> Self {
        Self { rule, refusal: None }
    }

    const fn refused(rule: Rule, code: RefusalCode, cause: Cause) -> Self {
        Self { rule, refusal: Some(Refusal::because(code, cause)) }
    }
}

impl From<Ineligible> for Decision {
    fn from(ineligible: Ineligible) -> Self {
        Self { rule: ineligible.rule(), refusal: Some(ineligible.refusal()) }
    }
}

/// E31: what a role opens is this and no payroll function.
fn decide_administration(
    person: &Person,
    request: &Request,
    today: CalendarDate,
    policy: &AccessPolicy,
) -> Decision {
    let refused = |rule, cause| Decision::refused(rule, RefusalCode::NotAuthorised, cause);
    if request.channel != Channel::Browser {
        return refused(Rule::AdministrationInBrowserOnly, Cause::WrongChannel); // R36
    }
    let access = person.valid_user_access(request.company, today);
    if !access.is_some_and(|access| policy.lets_administer(access)) {
        return refused(Rule::RoleMissing, Cause::RoleMissing); // R36, D14
    }
    if request.action == Action::Edit && request.owner == person.id() {
        return refused(Rule::NotOneself, Cause::OwnRights); // D15
    }
    Decision::allowed(Rule::AdministratorRole)
}

fn decide_payroll(person: &Person, request: &Request, today: CalendarDate) -> Decision {
    let holdings = Holdings::of(person, request.company, today);
    if !holdings.services.functions().contains(request.function) {
        let code = RefusalCode::FunctionNotInServices;
        return Decision::refused(Rule::ServiceNotSelected, code, Cause::AsCoded); // R22, I09
    }
    let holds = |reach| holdings.rights.contains(Right::new(request.action, request.function, reach));
    let is_own = request.owner == person.id();
    if holds(Reach::Company) || (is_own && holds(Reach::OwnData)) {
        return Decision::allowed(holdings.source);
    }
    if !is_own && holdings.rights.reach(request.function, Reach::OwnData) {
        return Decision::refused(Rule::OwnDataOnly, RefusalCode::NotOwnData, Cause::AsCoded); // R25, I10
    }
    Decision::refused(Rule::NoRight, RefusalCode::NoRight, Cause::AsCoded) // D10
}

/// What a person holds in one company on one day (E25).
struct Holdings {
    services: Services,
    rights: Rights,
    /// The rule by which the rights are held.
    source: Rule,
}

impl Holdings {
    /// D10: while a user access is valid its profile governs, even if it grants nothing; otherwise
    /// the implicit rights to own data do.
    fn of(person: &Person, company: CompanyId, today: CalendarDate) -> Self {
        let services = person.services_in(company, today);
        let (rights, source) = match person.valid_user_access(company, today).map(UserAccess::profile) {
            None => (IMPLICIT_OWN_DATA, Rule::ImplicitOwnData),
            Some(profile) => (profile.rights(), rule_of(profile)),
        };
        Self { services, rights, source }
    }

    /// D10: the rights ∩ the functions of the services.
    fn functions(&self) -> Functions {
        self.rights.functions().intersection(self.services.functions())
    }
}

const fn rule_of(profile: &Profile) -> Rule {
    match profile {
        Profile::Employee => Rule::EmployeeProfile,
        Profile::Custom(_) => Rule::CustomProfile,
        Profile::NoRights => Rule::NoRight,
    }
}

/// D10: what an employee who is no user may do with his or her own data. Working hours and travel
/// expense reports are the employee's to enter, so they are read and edited; salary information is
/// made by payroll, so it is read.
const IMPLICIT_OWN_DATA: Rights = Rights::of(&[
    Right::new(Action::Read, Function::SalaryInformation, Reach::OwnData),
    Right::new(Action::Read, Function::WorkingHours, Reach::OwnData),
    Right::new(Action::Edit, Function::WorkingHours, Reach::OwnData),
    Right::new(Action::Read, Function::TravelExpenseReports, Reach::OwnData),
    Right::new(Action::Edit, Function::TravelExpenseReports, Reach::OwnData),
]);
