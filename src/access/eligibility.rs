//! May this person be in this channel at all today?

use core::fmt;

use crate::id::PersonId;
use crate::people::{LocalDates, Person};
use crate::refusal::{Cause, Refusal, RefusalCode};

use super::channel::Channel;
use super::policy::{AccessPolicy, UsersWithoutEmployment};
use super::presence::{Presence, standing};
use super::rule::Rule;

/// Decides whether a person may sign in to a channel, and stay, by today's facts (E20).
///
/// In the app a company makes a person eligible if an employment there is current with at least
/// one service in effect (R17, R20, R21), if it ended so few days ago that the policy still gives access to
/// a service of its last day (D29), or if a user access there is valid, no employment there is current, and
/// the policy allows that (D12). In the browser a user access that is valid in any company does (R19). One
/// eligible company suffices (E25).
///
/// # Errors
/// [`Ineligible`] with the refusal: [`RefusalCode::NoChargeableService`] or
/// [`RefusalCode::NotEligible`] in the app, [`RefusalCode::NotAUser`] in the browser.
#[inline]
pub fn eligibility(
    person: Option<&Person>,
    channel: Channel,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Result<Eligibility, Ineligible> {
    match (person, channel) {
        (Some(person), Channel::MobileApp) => in_the_app(person, dates, policy),
        (Some(person), Channel::Browser) => in_the_browser(person, dates),
        (None, Channel::MobileApp) => Err(Ineligible::nowhere(Cause::UnknownPerson, true)),
        (None, Channel::Browser) => Err(Ineligible::no_user(Cause::UnknownPerson)),
    }
}

/// Proof that a person may be in a channel today; it says as what.
///
/// It is worth as much as the facts it was made of: obtain a new one for every request. So with the feature
/// `serde` it is written, `{"person":…,"channel":"Browser","rule":"UserInBrowser"}`, and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Eligibility {
    person: PersonId,
    channel: Channel,
    rule: Rule,
}

impl Eligibility {
    /// Who may.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// Where.
    #[must_use]
    pub const fn channel(&self) -> Channel {
        self.channel
    }

    /// As what.
    #[must_use]
    pub const fn basis(&self) -> Basis {
        match self.rule {
            Rule::EmployeeWithService => Basis::Employee,
            Rule::LeaverAccess => Basis::Leaver,
            _ => Basis::User,
        }
    }

    /// The rule that lets the person in.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    const fn in_the_app(person: &Person, rule: Rule) -> Self {
        Self { person: person.id(), channel: Channel::MobileApp, rule }
    }
}

/// As what a person is eligible. Who is eligible as both is so as an employee.
///
/// With the feature `serde` it is its name, as in `"Employee"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Basis {
    /// As an employee with a chargeable service (R17).
    Employee,
    /// As somebody who has left, for the days that the policy gives (D29).
    Leaver,
    /// As a user (R19, D12).
    User,
}

/// Why a person may not be in a channel today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ineligible {
    rule: Rule,
    refusal: Refusal,
    stands_nowhere: bool,
}

impl Ineligible {
    /// The refusal: the same code for every cause, so that it tells a stranger nothing (E18).
    #[must_use]
    pub const fn refusal(&self) -> Refusal {
        self.refusal
    }

    /// The rule that keeps the person out.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        self.rule
    }

    /// Whether the person's mobile sessions end and their credentials are wiped, by today's facts alone.
    ///
    /// True if the person stands nowhere today (E22, E23). False while an employment, a user access or a
    /// leaver's days are in effect: use and unlock are refused, the PIN is kept (E19). Whether there was a gap
    /// before is [`presence`](super::presence())'s to say. Always false in the browser, which says nothing
    /// about the app.
    #[must_use]
    pub const fn ends_sessions(&self) -> bool {
        self.stands_nowhere
    }

    const fn nowhere(cause: Cause, stands_nowhere: bool) -> Self {
        let rule = match cause {
            Cause::UserWithoutEmployment => Rule::UserWithoutEmployment,
            _ => Rule::NeitherEmployeeNorUser,
        };
        Self { rule, refusal: Refusal::because(RefusalCode::NotEligible, cause), stands_nowhere }
    }

    const fn no_service(cause: Cause) -> Self {
        let refusal = Refusal::because(RefusalCode::NoChargeableService, cause);
        Self { rule: Rule::NoServiceInEffect, refusal, stands_nowhere: false }
    }

    const fn no_user(cause: Cause) -> Self {
        let refusal = Refusal::because(RefusalCode::NotAUser, cause);
        Self { rule: Rule::BrowserForUsersOnly, refusal, stands_nowhere: false }
    }
}

impl fmt::Display for Ineligible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)
    }
}

impl core::error::Error for Ineligible {}

impl From<Ineligible> for Refusal {
    fn from(ineligible: Ineligible) -> Self {
        ineligible.refusal
    }
}

#[inline]
fn in_the_app(person: &Person, dates: &LocalDates, policy: &AccessPolicy) -> Result<Eligibility, Ineligible> {
    // R17, R20, R21: a service suffices; no role, profile or right is asked for.
    let mut employments = person.employments().iter();
    if employments.any(|employment| !employment.services_on(dates.today(employment.company())).is_empty()) {
        return Ok(Eligibility::in_the_app(person, Rule::EmployeeWithService));
    }
    without_service(person, dates, policy)
}

#[cold]
fn without_service(
    person: &Person,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Result<Eligibility, Ineligible> {
    if has_service_as_leaver(person, dates, policy) {
        return Ok(Eligibility::in_the_app(person, Rule::LeaverAccess)); // D29
    }
    let is_user_only = is_user_without_employment(person, dates);
    if is_user_only && policy.users_without_employment() == UsersWithoutEmployment::Allow {
        return Ok(Eligibility::in_the_app(person, Rule::UserWithoutEmployment)); // D12
    }
    Err(why_not_in_the_app(person, dates, policy, is_user_only))
}

/// D12: a user of some company in which no employment is current. In a company with a current
/// employment its services alone decide (D11).
fn is_user_without_employment(person: &Person, dates: &LocalDates) -> bool {
    person.user_accesses().iter().any(|access| {
        let today = dates.today(access.company());
        access.is_valid(today) && !person.is_employed(access.company(), today)
    })
}

/// D29: a service was in effect on the last day of an employment, and the days after it are not over.
fn has_service_as_leaver(person: &Person, dates: &LocalDates, policy: &AccessPolicy) -> bool {
    let Some(leaver) = policy.leaver_access() else { return false };
    person.employments().iter().any(|employment| {
        let today = dates.today(employment.company());
        leaver.covers(employment, today)
            && employment.services_until(today).is_some_and(|services| !services.is_empty())
    })
}

fn why_not_in_the_app(
    person: &Person,
    dates: &LocalDates,
    policy: &AccessPolicy,
    is_user_only: bool,
) -> Ineligible {
    let employments = person.employments();
    let mut current = employments.iter().filter(|e| e.is_current(dates.today(e.company()))).peekable();
    if current.peek().is_some() {
        let closed = current.any(|e| e.has_closed_service(dates.today(e.company())));
        return Ineligible::no_service(if closed { Cause::ServicesClosed } else { Cause::AsCoded }); // E19
    }
    let leaver_access = policy.leaver_access();
    if employments
        .iter()
        .any(|e| leaver_access.is_some_and(|leaver| leaver.covers(e, dates.today(e.company()))))
    {
        return Ineligible::no_service(Cause::AsCoded); // D29: a leaver without a service on the last day
    }
    let stands_nowhere = standing(person, dates, policy) == Presence::Gone; // E22, E23
    let not_begun = employments.iter().any(|e| e.validity().has_not_begun(dates.today(e.company())));
    let cause = if is_user_only {
        Cause::UserWithoutEmployment
    } else if not_begun {
        Cause::EmploymentNotBegun // E24
    } else if !employments.is_empty() {
        Cause::EmploymentEnded // E23
    } else if !person.user_accesses().is_empty() {
        Cause::UserAccessNotValid // E22
    } else {
        Cause::NeitherEmployeeNorUser
    };
    Ineligible::nowhere(cause, stands_nowhere)
}

fn in_the_browser(person: &Person, dates: &LocalDates) -> Result<Eligibility, Ineligible> {
    let accesses = person.user_accesses();
    if accesses.iter().any(|access| access.is_valid(dates.today(access.company()))) {
        let rule = Rule::UserInBrowser; // R19
        return Ok(Eligibility { person: person.id(), channel: Channel::Browser, rule });
    }
    Err(Ineligible::no_user(if !accesses.is_empty() {
        Cause::UserAccessNotValid // E22
    } else if !person.employments().is_empty() {
        Cause::AsCoded // R18: being an employee is not enough
    } else {
        Cause::NeitherEmployeeNorUser
    }))
}
