//! The first user administrator of a company: there is nobody yet who could establish one.

use crate::id::CompanyId;
use crate::people::{LocalDates, Person, Role, UserAccess, Validity};
use crate::refusal::{Refusal, RefusalCode};

use super::policy::AccessPolicy;
use super::users_and_roles::{Changed, PeopleChange, PeopleEvent};

/// Makes a person a user of the company from today on, until further notice, with the role that administers
/// users: `UserAdministrator`, or where policy does not let that one invite, the one that it lets (D14).
///
/// **It takes no actor, and cannot see whether the company has an administrator already: that is the
/// host's to know.** Offer it to nobody but who sets the company up. A person who is new here has no bank
/// credentials until the host imports them; in the browser, where the host signs in, that makes no difference.
///
/// **It is also the way back for a company that has none any more**: two user administrators who take the role from
/// each other at one instant both lose it, since each is judged by the facts as they were and no write spans two
/// people; an administrator may leave; a register may import nobody. Keep it within an operator's reach.
///
/// # Errors
/// `NothingToChange` if the person administers the company's users already; `RecordFull` (D31).
pub fn first_administrator(
    person: &Person,
    company: CompanyId,
    dates: &LocalDates,
    policy: &AccessPolicy,
) -> Result<Changed, Refusal> {
    let today = dates.today(company);
    let known = person.valid_user_access(company, today);
    if known.is_some_and(|access| policy.lets_administer(access)) {
        return Err(Refusal::new(RefusalCode::NothingToChange));
    }
    let may_invite = policy.inviting_roles();
    let role = may_invite.iter().next().unwrap_or(Role::UserAdministrator);
    let access = known.cloned().unwrap_or_else(|| UserAccess::new(company, Validity::from(today)));
    let changed = person.clone().established(access.with_role(role), dates);
    let person = changed.map_err(|_| Refusal::new(RefusalCode::RecordFull))?;
    let change = PeopleChange::FirstAdministratorEstablished(role);
    let event = PeopleEvent { by: None, company, person: person.id(), on: today, change };
    Ok(Changed { person, event })
}
