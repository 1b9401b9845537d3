//! Proof that somebody administers the users of a company.

use crate::id::{CompanyId, PersonId};
use crate::people::{LocalDates, Person, Roles};
use crate::refusal::{Cause, Refusal, RefusalCode};

use super::channel::Channel;
use super::policy::AccessPolicy;

/// Who acts, for which company, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The acting person, as signed in to the channel.
    pub person: PersonId,
    /// The company for which the person acts.
    pub company: CompanyId,
    /// The channel to which the person is signed in.
    pub channel: Channel,
}

/// Makes the proof that `actor` administers the users of that company today.
///
/// `acting` is the actor as the directory knows it.
///
/// # Errors
/// [`RefusalCode::NotAuthorised`] unless the actor is in the browser (R36) and has a user access,
/// valid in that company today, with one of the policy's inviting roles (D14).
pub fn administrator(
    acting: Option<&Person>,
    actor: &Actor,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Result<Administrator, Refusal> {
    let refused = |cause| Refusal::because(RefusalCode::NotAuthorised, cause);
    if actor.channel != Channel::Browser {
        return Err(refused(Cause::WrongChannel));
    }
    let acting = acting.ok_or(refused(Cause::UnknownPerson))?;
    if acting.id() != actor.person {
        return Err(refused(Cause::AnotherPerson));
    }
    let access = acting
        .valid_user_access(actor.company, dates.today(actor.company))
        .filter(|access| policy.lets_administer(access))
        .ok_or(refused(Cause::RoleMissing))?;
    Ok(Administrator { person: acting.id(), company: actor.company, roles: access.roles() })
}

/// Proof that a person administers the users of a company; only [`administrator`] makes one.
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

    /// Whether this administrator may act on `target`: a person with an employment or a user
    /// access in this company that has not ended. One that is yet to begin counts, so that a new
    /// employee can be invited in time.
    ///
    /// # Errors
    /// [`RefusalCode::NotAuthorised`] for a person who is unrelated to the company (R36, E25).
    pub fn over(&self, target: &Person, dates: &LocalDates) -> Result<(), Refusal> {
        let today = dates.today(self.company);
        let employed = target.employments_in(self.company).any(|e| !e.validity().has_ended(today));
        let user = target.user_access(self.company).is_some_and(|a| !a.validity().has_ended(today));
        if employed || user {
            Ok(())
        } else {
            Err(Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany))
        }
    }
}
