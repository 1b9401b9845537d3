//! Proof that somebody administers the users of a company.

use crate::id::{CompanyId, PersonId};
use crate::people::{CalendarDate, LocalDates, Person, Roles};
use crate::refusal::{Cause, Refusal, RefusalCode};

use super::browser_session::BrowserSession;
use super::leaver::LeaverAccess;
use super::policy::AccessPolicy;
use super::presence::{Presence, standing};

/// Makes the proof that the person of a browser session administers the users of that company today.
///
/// `acting` is that person as the directory knows it. There is no such proof for an app session (R36).
///
/// # Errors
/// [`RefusalCode::NotAuthorised`] unless the person has a user access, valid in that company today, with one
/// of the policy's inviting roles (R36, D14).
pub fn administrator(
    acting: Option<&Person>,
    session: &BrowserSession,
    company: CompanyId,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Result<Administrator, Refusal> {
    let refused = |cause| Refusal::because(RefusalCode::NotAuthorised, cause);
    let acting = acting.ok_or(refused(Cause::UnknownPerson))?;
    if acting.id() != session.person() {
        return Err(refused(Cause::AnotherPerson));
    }
    let access = acting
        .valid_user_access(company, dates.today(company))
        .filter(|access| policy.lets_administer(access))
        .ok_or(refused(Cause::RoleMissing))?;
    Ok(Administrator { person: acting.id(), company, roles: access.roles() })
}

/// Proof that a person administers the users of a company; only [`administrator`] gives one away.
///
/// It is worth as much as the facts it was made of: obtain a new one for every command (E21).
#[derive(Debug, PartialEq, Eq)]
#[must_use = "a proof without a command changes nothing"]
pub struct Administrator {
    person: PersonId,
    company: CompanyId,
    roles: Roles,
}

impl Administrator {
    /// Who acted once, for a change that was let through then and is only made again. Nothing outside of `access` gets one.
    pub(super) const fn of_the_trail(person: PersonId, company: CompanyId) -> Self {
        Self { person, company, roles: Roles::EMPTY }
    }

    /// The acting person.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The company whose users the person administers.
    #[must_use]
    pub const fn company(&self) -> CompanyId {
        self.company
    }

    /// Every role of the acting person in that company, for the audit trail.
    #[must_use]
    pub const fn roles(&self) -> Roles {
        self.roles
    }

    /// Whether this administrator may raise what `target`'s account may do: invite (D31). That takes a
    /// relation of the person to this company that is in effect today: an employment, a leaver's days (D29), or
    /// a user access. A future one gives nothing, or a hiring "from 2099" would reach anybody.
    ///
    /// # Errors
    /// [`RefusalCode::NotAuthorised`] without such a relation (R36, E25).
    pub fn reaches_to_raise(
        &self,
        target: &Person,
        dates: &LocalDates,
        policy: &AccessPolicy,
    ) -> Result<(), Refusal> {
        unless_unrelated(self.is_in_effect(target, dates, policy))
    }

    /// Whether this administrator may lower what `target`'s account may do, and look: withdraw an invitation,
    /// log out from all devices or from one, see the devices (D31). Where the person is in effect nowhere,
    /// it is enough that the relation to this company is the one that ended most recently; if several ended
    /// on that day, each is.
    ///
    /// # Errors
    /// [`RefusalCode::NotAuthorised`] without such a relation (R36, E25).
    pub fn reaches_to_lower(
        &self,
        target: &Person,
        dates: &LocalDates,
        policy: &AccessPolicy,
    ) -> Result<(), Refusal> {
        let is_nowhere = standing(target, dates, policy) != Presence::Stands;
        unless_unrelated(
            self.is_in_effect(target, dates, policy) || (is_nowhere && self.ended_last(target, dates)),
        )
    }

    /// Whether the person stands on this company's pages: with an employment or a user access that has not
    /// ended. One that is yet to begin counts, so that it can be changed before.
    pub(super) fn has_on_the_page(&self, target: &Person, dates: &LocalDates) -> Result<(), Refusal> {
        let today = dates.today(self.company);
        let mut relations = target.relations().filter(|(company, _)| *company == self.company);
        unless_unrelated(relations.any(|(_, period)| !period.has_ended(today)))
    }

    fn is_in_effect(&self, target: &Person, dates: &LocalDates, policy: &AccessPolicy) -> bool {
        let today = dates.today(self.company);
        let is_leaver = |leaver: &LeaverAccess| {
            target.employments_in(self.company).any(|employment| leaver.covers(employment, today)) // D29
        };
        target.relations().any(|(company, period)| company == self.company && period.contains(today))
            || policy.leaver_access().is_some_and(is_leaver)
    }

    fn ended_last(&self, target: &Person, dates: &LocalDates) -> bool {
        let last_day = |here: bool| -> Option<CalendarDate> {
            let relations = target.relations().filter(|(company, _)| (*company == self.company) == here);
            let ended = relations.filter(|(company, period)| period.has_ended(dates.today(*company)));
            ended.filter_map(|(_, period)| period.last()).max()
        };
        last_day(true).is_some_and(|here| last_day(false).is_none_or(|elsewhere| elsewhere <= here))
    }
}

fn unless_unrelated(is_related: bool) -> Result<(), Refusal> {
    if is_related {
        Ok(())
    } else {
        Err(Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany))
    }
}
