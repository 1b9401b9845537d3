//! May this person do this, here, with these data?
//!
//! The guards, in order; the first that refuses decides:
//!
//! 1. the channel as a whole: [`eligibility`] (R17–R19, D12, D29);
//! 2. the company, in the browser: only a user of *that* company acts there (R18, E25);
//! 3. own data: an employment in effect in that company, or a leaver's days (R22, D29), with a service in
//!    effect that has the function (I09); then the right: implicit, or the profile's (D10, R23);
//! 4. another person's data: a company-wide right of the profile (R25, I10); then whether the owner belongs to
//!    the company, by an employment in effect or ended, with a service that has the function (R22, I09). In
//!    this order, so that who has no right learns nothing about the owner.
//!
//! Users and roles belong to no service and to no profile: after the second guard the channel,
//! the role and D15 decide.

use crate::id::{CompanyId, PersonId};
use crate::people::{
    Action, CalendarDate, CustomProfile, Employment, Function, Functions, LocalDates, Person, Profile, Reach,
    Right, Services, UserAccess,
};
use crate::refusal::{Audience, Cause, Refusal, RefusalCode};

use super::channel::Channel;
use super::eligibility::{Ineligible, eligibility};
use super::leaver::LeaverAccess;
use super::policy::{AccessPolicy, Needs};
use super::rule::Rule;

/// What is wanted. Where it is wanted is a fact of the session that asks, not of the request (R36).
///
/// With the feature `serde` a field that is not known is an error (E40).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
pub struct Request {
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
/// `channel` is that of the session by which the person asks. `owner` is the person whose data it is about,
/// as the directory knows that person; it is looked at only for another person's data, and `None` says that
/// there is none. `dates` are those of the person who asks.
///
/// It allocates nothing, so it may be asked at every request. For [`Function::UsersAndRoles`] it
/// decides about the acting person only: whether the owner belongs to the company is
/// [`Administrator`](super::Administrator)'s to say.
pub fn decide(
    person: Option<&Person>,
    channel: Channel,
    request: &Request,
    owner: Option<&Person>,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Decision {
    if let Err(ineligible) = eligibility(person, channel, dates, policy) {
        return ineligible.into();
    }
    let Some(person) = person else {
        return Decision::refused(
            Rule::NeitherEmployeeNorUser,
            RefusalCode::NotEligible,
            Cause::UnknownPerson,
        );
    };
    let holdings = Holdings::of(person, request.company, dates, policy);
    if channel == Channel::Browser && holdings.access.is_none() {
        return Decision::refused(Rule::BrowserForUsersOnly, RefusalCode::NotAUser, Cause::AsCoded); // R18, E25
    }
    if request.function == Function::UsersAndRoles {
        return decide_administration(&holdings, channel, request);
    }
    let Some(needs) = policy.needs(request.function) else {
        return Decision::refused(Rule::NoRight, RefusalCode::NoRight, Cause::UnknownFunction); // D32
    };
    if request.owner == person.id() {
        decide_own(&holdings, request, needs)
    } else {
        decide_others(&holdings, request, needs, owner)
    }
}

/// The functions to offer to a person in a company, for a menu: those of own data within own services, and
/// those that a profile grants for the whole company (R22, D32).
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
    let holdings = Holdings::of(person, company, dates, policy);
    if channel == Channel::Browser && holdings.access.is_none() {
        return Functions::EMPTY; // R18
    }
    let own_functions = policy.functions().iter().map(|known| Function::Custom(known.function));
    let every = Function::ALL.iter().copied().chain(own_functions);
    every.filter(|function| holdings.offers(*function, channel)).collect()
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

    fn told_to(mut self, audience: Audience) -> Self {
        self.refusal = self.refusal.map(|refusal| refusal.told_to(audience));
        self
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
fn decide_administration(holdings: &Holdings<'_>, channel: Channel, request: &Request) -> Decision {
    let refused = |rule, cause| Decision::refused(rule, RefusalCode::NotAuthorised, cause);
    if channel != Channel::Browser {
        return refused(Rule::AdministrationInBrowserOnly, Cause::WrongChannel); // R36
    }
    if !holdings.administers() {
        return refused(Rule::RoleMissing, Cause::RoleMissing); // R36, D14
    }
    if request.action == Action::Edit && request.owner == holdings.person.id() {
        return refused(Rule::NotOneself, Cause::OwnRights); // D15
    }
    Decision::allowed(Rule::AdministratorRole)
}

fn decide_own(holdings: &Holdings<'_>, request: &Request, needs: Needs) -> Decision {
    let Some(basis) = holdings.basis(needs) else {
        return match needs.service {
            Some(_) => not_in_services(), // R22, I09
            // D12: tied to no service, and still own data of an employment that there is not.
            None => Decision::refused(Rule::NoRight, RefusalCode::NoRight, Cause::NotEmployed),
        };
    };
    if holdings.has_to_own_data(basis, request.action, request.function, needs) {
        Decision::allowed(holdings.source(basis))
    } else {
        no_right(Cause::AsCoded) // D10
    }
}

fn decide_others(
    holdings: &Holdings<'_>,
    request: &Request,
    needs: Needs,
    owner: Option<&Person>,
) -> Decision {
    let right = Right::new(request.action, request.function, Reach::Company);
    let has_right = holdings.custom().is_some_and(|profile| profile.rights().contains(right));
    let owner = owner.filter(|owner| has_right && owner.id() == request.owner);
    let owner_services = owner.and_then(|owner| {
        let employments = owner.employments_in(request.company);
        let each = employments.filter_map(|employment| employment.services_until(holdings.today));
        each.reduce(Services::union) // E26
    });
    match owner_services {
        Some(services) if needs.service.is_none_or(|service| services.contains(service)) => {
            Decision::allowed(Rule::CustomProfile)
        }
        // R22, I09. Whoever asks about another is told of another (E33).
        Some(_) => not_in_services().told_to(Audience::Administrator),
        // R22: an owner who is unknown, or of another company, as a known one would be without the right.
        None => {
            let cause = if has_right { Cause::UnrelatedOwner } else { Cause::AsCoded };
            if holdings.has_to_own_data_only(request.function, needs) {
                Decision::refused(Rule::OwnDataOnly, RefusalCode::NotOwnData, cause) // R25, I10
            } else {
                no_right(cause) // D10
            }
        }
    }
}

const fn not_in_services() -> Decision {
    Decision::refused(Rule::ServiceNotSelected, RefusalCode::FunctionNotInServices, Cause::AsCoded)
}

const fn no_right(cause: Cause) -> Decision {
    Decision::refused(Rule::NoRight, RefusalCode::NoRight, cause)
}

/// By what somebody has own data in a company.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OwnBasis<'a> {
    /// An employment in effect.
    Employment,
    /// An employment that ended a few days ago (D29).
    Leaver(&'a LeaverAccess),
}

/// What a person holds in one company on one day (E25).
struct Holdings<'a> {
    person: &'a Person,
    company: CompanyId,
    today: CalendarDate,
    policy: &'a AccessPolicy,
    /// The user access, if it is valid. Its profile then governs, even if it grants nothing (D10).
    access: Option<&'a UserAccess>,
}

impl<'a> Holdings<'a> {
    fn of(person: &'a Person, company: CompanyId, dates: &LocalDates, policy: &'a AccessPolicy) -> Self {
        let today = dates.today(company);
        Self { person, company, today, policy, access: person.valid_user_access(company, today) }
    }

    fn administers(&self) -> bool {
        self.access.is_some_and(|access| self.policy.lets_administer(access))
    }

    fn custom(&self) -> Option<&'a CustomProfile> {
        match self.access.map(UserAccess::profile) {
            Some(Profile::Custom(profile)) => Some(profile),
            _ => None,
        }
    }

    /// By what the person has own data of a function that needs this (R22): an employment in effect with the
    /// service in effect, or a leaver's with the service of the last day.
    fn basis(&self, needs: Needs) -> Option<OwnBasis<'a>> {
        let has_service = |services: Services| needs.service.is_none_or(|service| services.contains(service));
        let mut employments = self.person.employments_in(self.company);
        if employments.any(|e| e.is_current(self.today) && has_service(e.services_on(self.today))) {
            return Some(OwnBasis::Employment);
        }
        let leaver = self.policy.leaver_access()?;
        let left_with_service = |employment: &Employment| {
            leaver.covers(employment, self.today)
                && employment.services_until(self.today).is_some_and(has_service)
        };
        let has_left = self.person.employments_in(self.company).any(left_with_service);
        has_left.then_some(OwnBasis::Leaver(leaver)) // D29
    }

    /// Whether the rights reach own data, of which the person has `basis`.
    fn has_to_own_data(&self, basis: OwnBasis<'_>, action: Action, function: Function, needs: Needs) -> bool {
        let own = Right::new(action, function, Reach::OwnData);
        let is_in_basis = match basis {
            OwnBasis::Employment => true,
            OwnBasis::Leaver(leaver) => leaver.rights().contains(own), // D29
        };
        let is_granted = match self.access.map(UserAccess::profile) {
            // D10, R23: the profile of an employee is what an employee may do who is no user.
            None | Some(Profile::Employee) => basis != OwnBasis::Employment || needs.own_data.allows(action),
            Some(Profile::NoRights) => false, // D10
            Some(Profile::Custom(profile)) => {
                let company = Right::new(action, function, Reach::Company);
                profile.rights().contains(own) || profile.rights().contains(company)
            }
        };
        is_in_basis && is_granted
    }

    /// R25: whether there are rights to own data of the function, and none to everybody's.
    fn has_to_own_data_only(&self, function: Function, needs: Needs) -> bool {
        let implicit = || Action::ALL.iter().any(|action| needs.own_data.allows(*action));
        match self.access.map(UserAccess::profile) {
            Some(Profile::NoRights) => false,
            Some(Profile::Employee) => implicit(),
            Some(Profile::Custom(profile)) => {
                let rights = profile.rights();
                rights.reach(function, Reach::OwnData) && !rights.reach(function, Reach::Company)
            }
            None => match self.basis(Needs { service: None, ..needs }) {
                Some(OwnBasis::Employment) => implicit(),
                Some(OwnBasis::Leaver(leaver)) => leaver.rights().reach(function, Reach::OwnData),
                None => false,
            },
        }
    }

    fn offers(&self, function: Function, channel: Channel) -> bool {
        if function == Function::UsersAndRoles {
            return channel == Channel::Browser && self.administers(); // R36
        }
        let Some(needs) = self.policy.needs(function) else { return false };
        let for_company =
            self.custom().is_some_and(|profile| profile.rights().reach(function, Reach::Company));
        let with_own_data = || {
            let basis = self.basis(needs);
            basis.is_some_and(|basis| {
                Action::ALL.iter().any(|action| self.has_to_own_data(basis, *action, function, needs))
            })
        };
        for_company || with_own_data()
    }

    /// The rule by which own data are granted.
    fn source(&self, basis: OwnBasis<'_>) -> Rule {
        match (self.access.map(UserAccess::profile), basis) {
            (Some(Profile::Employee), _) => Rule::EmployeeProfile,
            (Some(Profile::Custom(_)), _) => Rule::CustomProfile,
            (Some(Profile::NoRights), _) => Rule::NoRight,
            (None, OwnBasis::Employment) => Rule::ImplicitOwnData,
            (None, OwnBasis::Leaver(_)) => Rule::LeaverAccess,
        }
    }
}
