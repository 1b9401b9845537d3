//! The host around the crate: its parts, and its page "Users and roles".

use pinlatch::access::users_and_roles as page;
use pinlatch::gate::GateError;
use pinlatch::people::{ChargeableService, LocalDates, Services};
use pinlatch::time::Timestamp;

use super::Real;
use crate::commands::{Acting, Command};
use crate::facts::{date, profile, validity};
use crate::people::PageChange;
use crate::reference::Model;

impl Real {
    /// What the host's parts do.
    pub(super) fn turn(&mut self, command: Command, model: &Model) {
        match command {
            Command::PassDays(days) => {
                self.world.directory.set_dates(LocalDates::everywhere(date(model.today.plus(days))));
            }
            Command::PassTime(span) => {
                self.world.clock.set(Some(Timestamp::from_unix_millis(model.noon + span)));
            }
            Command::MistakeClock(now) => self.world.clock.set(now.map(Timestamp::from_unix_millis)),
            Command::SetDirectory { up } => self.world.directory.set_down(!up),
            Command::SetJournal { up } => self.world.journal.set_down(!up),
            Command::SetHasher { up } => self.world.hasher.set_failing(!up),
            Command::SetKnown { person, known: true } => {
                self.world.knows(self.facts[person].clone());
            }
            Command::SetKnown { person, known: false } => self.world.directory.remove(self.people[person]),
            Command::Restart => {
                self.restarts += 1;
                let restarted = self.world.restarted(1 + self.restarts).policy(self.policy.clone());
                self.world = restarted.writes_version(self.version).build();
            }
            _ => {}
        }
    }

    pub(super) fn change_page(
        &mut self,
        by: Acting,
        person: usize,
        change: PageChange,
        model: &Model,
    ) -> Result<(), GateError> {
        let by = self.in_browser(by, |gate, session, company| gate.administrator(session, company))?;
        let (fact, dates) = (&self.facts[person], self.world.directory.today());
        let every = page::EmploymentChoice::Every;
        let service = |travel| if travel { ChargeableService::Travel } else { ChargeableService::Salaries };
        let changed = match change {
            PageChange::EstablishUser(period) => page::establish_user(&by, fact, validity(period), &dates),
            PageChange::EndUserAccess(day) => page::end_user_access(&by, fact, date(day), &dates),
            PageChange::SetProfile(rights) => page::set_profile(&by, fact, profile(rights), &dates),
            PageChange::GrantRole(role) => page::grant_role(&by, fact, role, &dates),
            PageChange::RevokeRole(role) => page::revoke_role(&by, fact, role, &dates),
            PageChange::OpenService { travel } => {
                page::open_service(&by, fact, service(travel), every, &dates)
            }
            PageChange::CloseService { travel } => {
                page::close_service(&by, fact, service(travel), every, &dates)
            }
            PageChange::Hire { period, travel, salaries } => {
                let selected = [(travel, ChargeableService::Travel), (salaries, ChargeableService::Salaries)];
                let services: Services =
                    selected.iter().filter(|(selected, _)| *selected).map(|(_, service)| *service).collect();
                page::hire(&by, fact, validity(period), services, &dates)
            }
            PageChange::EndEmployment(day) => page::end_employment(&by, fact, date(day), every, &dates),
        };
        self.facts[person] = changed.map_err(GateError::Refused)?.person;
        assert!(model.people[person].known, "the page shows known people only");
        self.world.knows(self.facts[person].clone());
        Ok(())
    }
}
