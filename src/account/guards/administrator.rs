//! The administrator's reach.

use super::super::state::Account;
use super::super::words::Facts;
use crate::access::Administrator;
use crate::refusal::{Cause, Refusal, RefusalCode};

impl Account {
    /// The administrator acts on this person, who belongs to the administrator's company.
    pub(in crate::account) fn guard_administrator(
        &self,
        administrator: &Administrator,
        facts: &Facts<'_>,
    ) -> Result<(), Refusal> {
        match facts.person {
            Some(person) if person.id() == self.person() => administrator.over(person, facts.dates),
            _ => Err(Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany)),
        }
    }
}
