//! The person's eligibility for the app, today.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::access::{self, Channel};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::LogOutCause;

impl Account {
    /// Who is eligible nowhere loses session and credentials (E22, E23); who only lacks a service
    /// keeps the PIN (E19).
    pub(in crate::account) fn guard_eligibility(
        &mut self,
        id: Option<DeviceId>,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if facts.person.is_some_and(|person| person.id() != self.person()) {
            return Err(Refusal::because(RefusalCode::NotEligible, Cause::AnotherPerson));
        }
        let policy = context.policy.access();
        match access::eligibility(facts.person, Channel::MobileApp, facts.dates, policy) {
            Ok(_) => Ok(()),
            Err(ineligible) => {
                if let Some(id) = id.filter(|_| ineligible.ends_sessions()) {
                    self.end(id, context, LogOutCause::NoLongerEligible);
                }
                Err(ineligible.refusal())
            }
        }
    }
}
