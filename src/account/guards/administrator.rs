//! The administrator's reach (D31).

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::access::Administrator;
use crate::people::Person;
use crate::refusal::{Cause, Refusal, RefusalCode};

impl Account {
    /// The administrator raises what this account may do: the person has a relation to the administrator's
    /// company that is in effect.
    pub(in crate::account) fn guard_reach_to_raise(
        &self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        administrator.reaches_to_raise(self.person_in(facts)?, facts.dates, context.policy.access())
    }

    /// The administrator lowers what this account may do, or looks at it: over a person who is in effect
    /// nowhere, the company where the relation ended most recently is enough.
    pub(in crate::account) fn guard_reach_to_lower(
        &self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        administrator.reaches_to_lower(self.person_in(facts)?, facts.dates, context.policy.access())
    }

    /// The account's person, as the directory knows that person.
    fn person_in<'a>(&self, facts: &Facts<'a>) -> Result<&'a Person, Refusal> {
        let unrelated = Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany);
        facts.person.filter(|person| person.id() == self.person()).ok_or(unrelated)
    }
}
