//! The end of a town: everything arrives, and everything is looked at once more.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use pinlatch_testkit::faults::poll_times;

use pinlatch::account::Event;
use pinlatch::refusal::Refusal;
use pinlatch::session::Change;

use crate::commands::{Command, Dice};
use crate::errand::person_of;
use crate::follow::{Ending, Follows};
use crate::invariants;
use crate::reference::{Answer, Model};
use crate::town::{Checked, Town};

/// A client of the honest gate, the one that was added last.
impl Follows for Town {
    fn model(&self) -> &Model {
        &self.model
    }

    fn has_invitation(&self, number: usize) -> bool {
        !self.unknown_invitations.contains(&number)
    }

    fn step(&mut self, command: Command) -> Result<Result<Answer, Refusal>, String> {
        if person_of(command, &self.model).is_none() {
            return self.at_once(command).map(|()| Ok(Answer::Done));
        }
        self.heard = None;
        self.one_by_one(command)?;
        self.heard.take().ok_or_else(|| format!("{command:?}: not answered"))
    }
}

impl Town {
    /// Everything that is still under way arrives, the journal is up, and it gets everything, once.
    pub(crate) fn end(&mut self) -> Checked {
        let gates: Vec<_> = self.instances.iter().map(|instance| Arc::clone(&instance.gate)).collect();
        for gate in gates.iter().chain(&self.ghosts.clone()) {
            self.deliver_late(gate)?;
        }
        self.at_once(Command::SetDirectory { up: true })?;
        self.at_once(Command::TryDeadTokens)?;
        self.let_everybody_in()?;
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
            // A source that gives an old write id again, after more writes than a record remembers, is not
            // found out, and then an event has the id of another.
            // A clock set back that still waited may have been counted in a later event instead.
            let is_whole = |event: &Event| !matches!(event.change, Change::ClockSetBack { .. });
            let kept = self.commons.journal.kept.events(person);
            let nothing_else = kept.iter().all(|event| written.contains(event));
            let [kept, written] =
                [kept, written].map(|events| events.into_iter().filter(is_whole).collect::<Vec<_>>());
            if (kept != written || !nothing_else) && !self.was_stuck {
                return Err(format!(
                    "I11: person {number}: the journal has not what was written: {written:?}"
                ));
            }
        }
        if self.commons.journal.kept.contradictions() > 0 && !self.was_stuck {
            return Err("I11: one number for two events".into());
        }
        self.gives_nothing_away()
    }

    /// I14: on hosts that are whole again whoever follows the named steps is in, or is told what bars.
    fn let_everybody_in(&mut self) -> Checked {
        let (rates, ahead) = (std::mem::take(&mut self.commons.rates), self.commons.ahead);
        (self.commons.ahead, self.commons.loses_settlements) = (&[0], false);
        let honest = self.commons.instance(&mut self.random);
        (self.commons.rates, self.commons.ahead) = (rates, ahead);
        self.instances.push(honest);
        for phone in 0..self.model.phones.len() {
            let hand = &self.model.phones[phone];
            let (owner, token) = (hand.owner, hand.token);
            if self.unknown_devices.contains(&token) || self.model.device_tokens[token] != owner {
                continue;
            }
            match self.follow_the_steps(phone, &mut Dice(0))? {
                Ending::In(_) => self.tally.in_at_last += 1,
                _ => self.tally.barred_at_last += 1,
            }
        }
        Ok(())
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
        for instance in &self.instances {
            let lost = instance.faults.settlements_lost.load(Ordering::Relaxed);
            self.tally.settlements_lost += lost;
        }
        for gate in gates {
            self.tally.faults.add(&gate.host().store.faulty.injected());
        }
    }
}
