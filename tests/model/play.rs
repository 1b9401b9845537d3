//! One life, lived twice: by the crate and by the model, compared after every command.

use pinlatch::gate::GateError;
use pinlatch::host::Key;
use pinlatch::refusal::Refusal;
use pinlatch::session::SessionState;

use crate::choose::choose;
use crate::commands::{Command, Dice, Life, SignIn};
use crate::coverage::Coverage;
use crate::follow::Follows;
use crate::invariants::{self, Comparisons};
use crate::observed::{Seen, Trail};
use crate::real::Real;
use crate::reference::{Answer, Expected, Model};

/// What is broken on purpose, to see that it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    Nothing,
    /// The model allows six wrong PINs.
    SixAttempts,
    /// The store loses the write of every wrong PIN.
    SpendsAreLost,
    /// The same, and only the invariants look; the model's answers are not compared.
    SpendsAreLostUnderInvariants,
    /// The journal loses what came of a lock.
    RecordsComeBack,
}

struct Play<'a> {
    model: Model,
    real: Real,
    seen: Vec<Seen>,
    trail: Trail,
    comparisons: Comparisons,
    broken: Broken,
    coverage: &'a mut Coverage,
    /// Every command so far, for the report of a flaw.
    trace: Option<Vec<String>>,
}

/// Lives a life. A flaw is told with the commands that led to it if `trace` is set.
pub(crate) fn live(life: &Life, broken: Broken, coverage: &mut Coverage, trace: bool) -> Result<(), String> {
    let mut model = life.begin();
    if broken == Broken::SixAttempts {
        model.rules.limit = 6;
    }
    let real = Real::of(&model);
    let people = model.people.len();
    let (seen, trail) = (vec![Seen::default(); people], Trail::of(people));
    let trace = trace.then(|| vec![format!("{:#?} {:#?}", model.rules, model.people)]);
    let comparisons = Comparisons::default();
    let mut play = Play { model, real, seen, trail, comparisons, broken, coverage, trace };
    let lived = play.through(life);
    lived.map_err(|flaw| match &play.trace {
        Some(trace) => format!("{}\n{flaw}", trace.join("\n")),
        None => flaw,
    })
}

impl Follows for Play<'_> {
    fn model(&self) -> &Model {
        &self.model
    }

    fn step(&mut self, command: Command) -> Result<Result<Answer, Refusal>, String> {
        self.live_through(command)
    }
}

impl Play<'_> {
    fn through(&mut self, life: &Life) -> Result<(), String> {
        self.coverage.sequences += 1;
        for number in &life.moves {
            for command in choose(&self.model, *number) {
                // What could not begin cannot succeed.
                let is_begun = |start| start < self.model.starts.len();
                if !matches!(command, Command::Authenticate(SignIn { start, .. }) if !is_begun(start)) {
                    let _answer = self.live_through(command)?;
                }
            }
            // Now and then somebody wants in, and follows what is named; the life goes on from there.
            let mut dice = Dice(number >> 20);
            if dice.once_in(16) {
                let phone = dice.roll(self.model.phones.len());
                self.follow(phone, &mut dice)?;
            }
        }
        if self.broken == Broken::Nothing {
            let mut dice = Dice(life.policy >> 8);
            for phone in [0, dice.roll(self.model.phones.len())] {
                self.follow(phone, &mut dice)?;
            }
        }
        for command in
            [Command::SetJournal { up: true }, Command::SetDirectory { up: true }, Command::TryDeadTokens]
        {
            let _answer = self.live_through(command)?;
        }
        self.end()
    }

    /// I14.
    fn follow(&mut self, phone: usize, dice: &mut Dice) -> Result<(), String> {
        if self.broken != Broken::Nothing {
            return Ok(());
        }
        let ending = self.follow_the_steps(phone, dice)?;
        *self.coverage.endings.entry(ending).or_default() += 1;
        Ok(())
    }

    fn live_through(&mut self, command: Command) -> Result<Result<Answer, Refusal>, String> {
        for (account, seen) in self.model.accounts.iter_mut().zip(&self.seen) {
            account.waiting = seen.outbox.len();
            account.set_back_waiting = seen.set_back_waiting();
        }
        let hashed = self.real.world.hasher.count();
        let outcome = self.real.obey(command, &self.model);
        self.break_it(command, &outcome);
        let hashed = self.real.world.hasher.count().saturating_sub(hashed);
        let comparing = self.broken != Broken::SpendsAreLostUnderInvariants;
        self.comparisons.count(command, &outcome, hashed)?;
        invariants::granted(command, &outcome, &self.model)?;
        let before = self.model.clone();
        let expected = self.model.apply(command);
        if let Some(trace) = &mut self.trace {
            trace.push(format!("{command:?}\n    → {outcome:?}; expected {expected:?}"));
        }
        let came = outcome.as_ref().map_err(GateError::code);
        if comparing && came != expected.outcome.as_ref().map_err(|code| *code) {
            return Err(format!("{command:?}: came to {came:?}, should to {:?}", expected.outcome));
        }
        if comparing && hashed != expected.hashes {
            return Err(format!("{command:?}: {hashed} hashes, should be {}", expected.hashes));
        }
        if self.real.repeated > 0 {
            return Err("I06: a token came twice".into());
        }
        for person in 0..self.seen.len() {
            self.look(person, command, &before, &expected, &outcome)?;
        }
        self.count(command, &outcome);
        Ok(outcome.map_err(|error| error.refusal()))
    }

    fn look(
        &mut self,
        person: usize,
        command: Command,
        model: &Model,
        expected: &Expected,
        outcome: &Result<Answer, GateError>,
    ) -> Result<(), String> {
        let told = |flaw: String| format!("{command:?}, person {person}: {flaw}");
        let comparing = self.broken != Broken::SpendsAreLostUnderInvariants;
        let mut seen = self.seen[person].clone();
        let changed = seen.look(&self.real, self.real.people[person]).map_err(told)?;
        if changed {
            invariants::at_rest(&seen).map_err(told)?;
            invariants::moved(&self.seen[person], &seen, command, model, person).map_err(told)?;
            self.count_transitions(&self.seen[person].clone(), &seen);
        }
        self.seen[person] = seen;
        if !comparing {
            return Ok(());
        }
        let seen = &self.seen[person];
        if let Some(difference) = seen.differs(&self.model.accounts[person], &self.real) {
            return Err(told(difference));
        }
        // What an erasing hands over before leaves the record by a write of its own.
        let is_cleared = matches!(command, Command::Erase { .. });
        if changed != expected.written[person] && !is_cleared {
            return Err(told(format!("written: {changed}, should be {}", expected.written[person])));
        }
        if changed || expected.events.iter().any(|(whose, _)| *whose == person) {
            let events =
                self.trail.follow(&self.real, model, person, seen, Some(&expected.events)).map_err(told)?;
            invariants::shown(&self.real, outcome, &events).map_err(told)?;
        }
        if expected.refusals.iter().any(|(whose, _)| *whose == person) {
            self.trail.follow_refusals(&self.real, model, person, expected).map_err(told)?;
            invariants::shown(&self.real, outcome, &[]).map_err(told)?;
        }
        Ok(())
    }

    fn count_transitions(&mut self, before: &Seen, after: &Seen) {
        for device in &after.devices {
            if before.device(device.id).map(|device| device.state) != Some(device.state) {
                self.coverage.transitions += 1;
                *self.coverage.reached.entry(device.state).or_default() += 1;
            }
        }
        let gone = before.devices.iter().filter(|device| after.device(device.id).is_none()).count() as u64;
        self.coverage.transitions += gone;
        *self.coverage.reached.entry(SessionState::LoggedOut).or_default() += gone;
    }

    fn count(&mut self, command: Command, outcome: &Result<Answer, GateError>) {
        self.coverage.commands += 1;
        let kind = self.coverage.kinds.entry(command.kind()).or_default();
        match outcome {
            Ok(_) => kind.0 += 1,
            Err(error) => {
                kind.1 += 1;
                self.coverage.refusals += 1;
                *self.coverage.codes.entry(error.code()).or_default() += 1;
            }
        }
    }

    /// Nothing was handed over or refused besides, and nothing was given away.
    fn end(&mut self) -> Result<(), String> {
        if !matches!(self.broken, Broken::Nothing | Broken::SixAttempts) {
            return Ok(());
        }
        let nothing = Expected::nothing(self.seen.len());
        for person in 0..self.seen.len() {
            self.trail.follow_refusals(&self.real, &self.model, person, &nothing)?;
        }
        if self.real.world.journal.contradictions() > 0 {
            return Err("I11: one number for two events".into());
        }
        invariants::silent_in_the_end(&self.real, &self.seen)
    }

    /// Does what a broken store would have done.
    fn break_it(&mut self, command: Command, outcome: &Result<Answer, GateError>) {
        let lost = match self.broken {
            Broken::Nothing | Broken::SixAttempts => false,
            Broken::SpendsAreLost | Broken::SpendsAreLostUnderInvariants => {
                outcome.is_err() && matches!(command, Command::Unlock { .. })
            }
            Broken::RecordsComeBack => matches!(command, Command::LogOut { .. }),
        };
        if !lost {
            return;
        }
        for (person, seen) in self.real.people.iter().zip(&self.seen) {
            if !seen.bytes().is_empty() {
                self.real.world.store.overwrite(&Key::account(*person), Some(seen.bytes().to_vec()));
            }
        }
    }
}
