//! The person's eligibility for the app, today.

use alloc::vec::Vec;

use super::super::state::{Account, Device};
use super::super::words::{Context, Facts};
use crate::access::{self, Channel, Presence};
use crate::id::DeviceId;
use crate::people::CalendarDate;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::LogOutCause;

impl Account {
    /// Who stands nowhere loses sessions and credentials, on every device at once (E22, E23); who stands
    /// somewhere without being eligible is refused, and keeps the PIN (E19).
    pub(in crate::account) fn guard_eligibility(
        &mut self,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if facts.person.is_some_and(|person| person.id() != self.person()) {
            return Err(Refusal::because(RefusalCode::NotEligible, Cause::AnotherPerson));
        }
        self.end_absent(facts, context);
        let policy = context.policy.access();
        let eligible = access::eligibility(facts.person, Channel::MobileApp, facts.dates, policy);
        eligible.map(|_| ()).map_err(|ineligible| ineligible.refusal())
    }

    /// The session has survived the guard of eligibility: there was no gap since it began (E23).
    pub(in crate::account) fn guard_no_gap(&self, id: DeviceId) -> Result<(), Refusal> {
        match self.device(id) {
            Some(_) => Ok(()),
            None => Err(Refusal::because(RefusalCode::AuthenticationRequired, Cause::GapInEmployment)),
        }
    }

    /// Ends the sessions of a person who stands nowhere today, or stood nowhere on a day since they began:
    /// on every device at once, whichever noticed (E22, E23).
    pub(in crate::account) fn end_absent(&mut self, facts: &Facts<'_>, context: &Context<'_>) {
        if self.is_present_since_the_first(facts, context) {
            return;
        }
        let policy = context.policy.access();
        // An exhausted or revoked one did not begin on any day: a gap before today does not touch it.
        let today = Self::latest_date(facts);
        let is_absent = |device: &&Device| {
            let begun_on = device.session().begun().map_or(today, |begun| begun.on);
            access::presence(facts.person, begun_on, facts.dates, policy) == Presence::Gone
        };
        let absent: Vec<DeviceId> = self.device_sessions().iter().filter(is_absent).map(Device::id).collect();
        for id in absent {
            self.end(id, context, LogOutCause::NoLongerEligible);
        }
    }

    /// Whether the person stands without a gap since the eldest session began: then each of the others lives too,
    /// and one look is enough. `false` does not say that one is gone.
    fn is_present_since_the_first(&self, facts: &Facts<'_>, context: &Context<'_>) -> bool {
        let begun = self.device_sessions().iter().filter_map(|device| device.session().begun());
        let Some((first, last)) = begun
            .map(|begun| (begun.on, begun.on))
            .reduce(|(first, last), (on, _)| (first.min(on), last.max(on)))
        else {
            return false;
        };
        // One that seems to have begun later than today counts from elsewhere.
        let policy = context.policy.access();
        last <= Self::latest_date(facts)
            && access::presence(facts.person, first, facts.dates, policy) == Presence::Stands
    }

    /// The latest date in any of the person's companies: from there on gaps are looked for (E23).
    pub(in crate::account) fn latest_date(facts: &Facts<'_>) -> CalendarDate {
        let latest = facts.person.and_then(|person| access::latest_date(person, facts.dates));
        latest.unwrap_or(CalendarDate::MIN)
    }
}
