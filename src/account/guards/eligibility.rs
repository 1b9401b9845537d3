//! The person's eligibility for the app, today.

use alloc::vec::Vec;

use super::super::state::{Account, Device};
use super::super::words::{Context, Facts};
use crate::access::{self, Channel};
use crate::id::DeviceId;
use crate::people::{CalendarDate, Employment, UserAccess};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::LogOutCause;

impl Account {
    /// Who stands nowhere loses sessions and credentials, on every device at once (E22, E23); who only lacks
    /// a service keeps the PIN (E19).
    pub(in crate::account) fn guard_eligibility(
        &mut self,
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
                if ineligible.ends_sessions() {
                    self.end_all(LogOutCause::NoLongerEligible, context);
                }
                Err(ineligible.refusal())
            }
        }
    }

    /// The latest date in any of the person's companies: from there on gaps are looked for (E23).
    pub(in crate::account) fn latest_date(facts: &Facts<'_>) -> CalendarDate {
        let Some(person) = facts.person else { return CalendarDate::MIN };
        let employing = person.employments().iter().map(Employment::company);
        let using = person.user_accesses().iter().map(UserAccess::company);
        let days = employing.chain(using).map(|company| facts.dates.today(company));
        days.max().unwrap_or(CalendarDate::MIN)
    }

    /// Logs out every device; a revoked one stays revoked.
    fn end_all(&mut self, cause: LogOutCause, context: &Context<'_>) {
        let devices: Vec<DeviceId> = self.device_sessions().iter().map(Device::id).collect();
        for id in devices {
            self.end(id, context, cause);
        }
    }
}
