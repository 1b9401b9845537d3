//! The end of a town: everything arrives, and everything is looked at once more.

use std::sync::Arc;

use pinlatch_testkit::faults::poll_times;

use crate::commands::Command;
use crate::invariants;
use crate::town::{Checked, Town};

impl Town {
    /// Everything that is still under way arrives, the journal is up, and it gets everything, once.
    pub(crate) fn end(&mut self) -> Checked {
        let gates: Vec<_> = self.instances.iter().map(|instance| Arc::clone(&instance.gate)).collect();
        for gate in gates.iter().chain(&self.ghosts.clone()) {
            self.deliver_late(gate)?;
        }
        self.commons.journal.kept.set_down(false);
        self.model.journal = true;
        self.at_once(Command::TryDeadTokens)?;
        let rates = std::mem::take(&mut self.commons.rates);
        let honest = self.commons.instance(&mut self.random).gate;
        self.commons.rates = rates;
        for (number, person) in self.real.people.clone().into_iter().enumerate() {
            self.act_as_host();
            let left = poll_times(honest.deliver_events(person), 1).ok_or("a store that waits")?;
            if left.map_err(|error| error.to_string())? != 0 {
                return Err("I11: events that the journal does not take".into());
            }
            self.look()?;
            let written = self.real.world.journal.events(person);
            if self.commons.journal.kept.events(person) != written {
                return Err(format!(
                    "I11: person {number}: the journal has not what was written: {written:?}"
                ));
            }
        }
        if self.commons.journal.kept.contradictions() > 0 {
            return Err("I11: one number for two events".into());
        }
        self.gives_nothing_away()
    }

    /// I13.
    fn gives_nothing_away(&self) -> Checked {
        invariants::silent_in_the_end(&self.real, &self.seen)?;
        if self.real.gives_away(&self.shown) {
            return Err("I13: a refusal shows a PIN".into());
        }
        let accounts =
            self.real.people.iter().map(|person| format!("{:?}", self.real.world.account(*person)));
        let all = accounts.fold(self.shown.clone(), |all, account| all + &account);
        let secrets = self.issued.iter().filter_map(|token| token.split('.').nth(1));
        if secrets.clone().any(|secret| all.contains(secret)) {
            return Err("I13: a token is shown".into());
        }
        Ok(())
    }

    pub(crate) fn count_faults(&mut self) {
        let gates = self.instances.iter().map(|instance| &instance.gate).chain(&self.ghosts);
        for gate in gates {
            self.tally.faults.add(&gate.host().store.faulty.injected());
        }
    }
}
