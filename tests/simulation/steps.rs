//! The steps that the model takes with the store: what a command has to come to at each of its
//! reads, and what each write has to be.

use pinlatch::account::{Event, WRITES_REMEMBERED};
use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::DeviceId;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};

use pinlatch::session::Change;

use crate::commands::Command;
use crate::errand::{Due, Errand, Known, tokens_of};
use crate::invariants;
use crate::log::{HOST, Happening, Job, Request};
use crate::people::{Day, Human};
use crate::reference::{Answer, Device, Expected, Happened, Model, Phone, Purpose, Settling};
use crate::town::{Checked, Town};

/// The answers that are allowed between two accepted PINs (I12).
const ANSWERS: u64 = 5;

/// What the model knew of the present before it was shown a command's own.
pub(crate) struct Present {
    now: Option<u64>,
    today: Day,
    people: Vec<Human>,
    phones: Vec<Phone>,
    journal: bool,
    hasher: bool,
    directory: bool,
}

/// Shows the model what the host knew when a command was decided: its facts, and what its clock read.
fn show(model: &mut Model, errand: &Errand, hashed: bool, (now, journal): (Option<u64>, bool)) -> Present {
    let known = errand.known_again.as_ref().filter(|_| hashed).unwrap_or(&errand.known);
    let present = Present {
        now: std::mem::replace(&mut model.now, now),
        today: std::mem::replace(&mut model.today, known.today),
        people: std::mem::replace(&mut model.people, known.people.clone()),
        phones: model.phones.clone(),
        journal: std::mem::replace(&mut model.journal, journal),
        hasher: model.hasher,
        directory: std::mem::replace(&mut model.directory, known.directory),
    };
    if let Some((phone, integrity, faces)) = known.phone {
        (model.phones[phone].integrity, model.phones[phone].faces) = (integrity, faces);
    }
    present
}

/// Back to the present. What a phone keeps, it keeps until it has the answer.
fn back(model: &mut Model, present: Present) {
    model.now = present.now;
    model.today = present.today;
    model.people = present.people;
    model.phones = present.phones;
    model.journal = present.journal;
    model.hasher = present.hasher;
    model.directory = present.directory;
    model.charged_before = None;
}

/// Lets the model decide: the first of the two steps of a guess, for want of a hash; the second; or the only
/// step of what is no guess.
fn decide(model: &mut Model, errand: &Errand, hashed: bool) -> Expected {
    if let Some(charged) = errand.charged.filter(|_| hashed) {
        return model.settle(charged);
    }
    model.hasher = errand.purpose().is_none();
    model.charged_before = errand.charged.map(|charged| charged.guess);
    model.apply(errand.command)
}

impl Town {
    pub(crate) fn happened(&mut self, happening: Happening) -> Checked {
        match happening {
            Happening::Read(HOST) => Ok(()),
            Happening::Read(job) => {
                let person = self.errands[job].person;
                self.see_what_waits(person);
                self.errands[job].saw_journal |= self.model.journal;
                self.errands[job].base = Some(self.model.accounts[person].clone());
                let due = self.due(job);
                self.errands[job].at_read = Some(due);
                Ok(())
            }
            Happening::Hashed(job, done) => self.hashed(job, done),
            Happening::Applied(key, bytes) => self.applied(&key, bytes),
        }
    }

    fn see_what_waits(&mut self, person: usize) {
        let (account, seen) = (&mut self.model.accounts[person], &self.seen[person]);
        (account.waiting, account.set_back_waiting) = (seen.outbox.len(), seen.set_back_waiting());
    }

    /// What would come of a command if it were decided now, on what it has read.
    pub(crate) fn due(&self, job: Job) -> Due {
        let errand = &self.errands[job];
        let person = errand.person;
        let mut model = self.model.clone();
        let (hashed, now) = {
            let log = self.commons.log.lock().unwrap();
            (log.hashed.contains(&job), log.now)
        };
        show(&mut model, errand, hashed, (now, self.model.journal || errand.saw_journal));
        if let Some(base) = &errand.base {
            model.accounts[person] = base.clone();
        }
        let begins = matches!(errand.command, Command::Begin { .. });
        let Expected { outcome, written, .. } = decide(&mut model, errand, hashed);
        let begun = model.starts.last().copied().filter(|_| begins && outcome.is_ok());
        Due { outcome, writes: written[person], begun }
    }

    /// I12, E38: what is hashed has been charged. The facts are read once more meanwhile.
    fn hashed(&mut self, job: Job, done: bool) -> Checked {
        let known_again = Known {
            today: self.model.today,
            people: self.model.people.clone(),
            directory: self.model.directory,
            phone: self.errands[job].known.phone,
        };
        let errand = &mut self.errands[job];
        errand.hasher_failed = !done;
        errand.known_again = Some(known_again);
        errand.charged.ok_or("I12: compared, and nothing was charged")?;
        if matches!(errand.purpose(), Some(Purpose::Unlock { .. } | Purpose::Change { .. })) {
            self.tally.comparisons += 1;
        }
        let due = self.due(job);
        self.errands[job].at_read = Some(due);
        Ok(())
    }

    fn applied(&mut self, key: &Key, bytes: Vec<u8>) -> Checked {
        let person = self.people_by_key[key];
        let request = self.commons.log.lock().unwrap().requests[&bytes];
        // What the journal was to get before this write, it has got, or will.
        self.real.world.journal.record(&self.seen[person].outbox).expect("the shadow's journal is up");
        let only_clears = self.only_clears(key, person, &bytes);
        let charges_anew = self.charges_anew(key, person, &bytes);
        self.real.world.store.overwrite(key, Some(bytes));
        self.tally.writes += 1;
        self.bury(person);
        if request.job == HOST || only_clears {
            // Only the outbox is shorter.
            return self.compare(person, None, &Expected::nothing(self.seen.len()));
        }
        let command = self.errands[request.job].command;
        self.tell(|| format!("    #{} writes to person {person}", request.job));
        let errand = &self.errands[request.job];
        let is_handed_over = self.model.journal;
        let took = request.journal || errand.saw_journal && !request.journal_asked;
        let present = show(&mut self.model, errand, request.hashed, (request.now, took));
        self.see_what_waits(person);
        // A refused draw may come with a write all the same: of a window that passed, of a clock set back.
        self.model.draw_repeats = self.errands[request.job].is_unlucky && !charges_anew;
        let expected = self.step(request, person);
        self.model.draw_repeats = false;
        self.count_verdict(request.job, request.hashed, &expected.outcome)?;
        self.fill_in(person);
        let compared = self.compare(person, Some(command), &expected);
        let is_whole = |event: &&Event| !matches!(event.change, Change::ClockSetBack { .. });
        let newest = self.seen[person].outbox.iter().rfind(is_whole).filter(|_| is_handed_over);
        self.errands[request.job].last_event = newest.map(|event| event.id);
        // What it has charged it settles on what it wrote, and reads it again only if that fails.
        self.see_what_waits(person);
        self.errands[request.job].base = Some(self.model.accounts[person].clone());
        back(&mut self.model, present);
        compared
    }

    /// Whether a write charges an attempt that was not in the record before.
    fn charges_anew(&self, key: &Key, person: usize, bytes: &[u8]) -> bool {
        let attempts = |bytes: &[u8]| {
            let account = pinlatch::account::Account::decode(bytes, self.real.people[person]);
            let told = format!("{:?}", account.expect("readable"));
            // The same attempt at another time is another charge: the first one was void, and is forgotten.
            let after = told.split("Charged { ").skip(1);
            let until_overtaken = |rest: &str| rest.split("overtaken").next().unwrap_or(rest).to_owned();
            after.map(until_overtaken).collect::<Vec<String>>()
        };
        let before = self.real.world.store.bytes(key).map_or_else(Vec::new, |bytes| attempts(&bytes));
        let after = attempts(bytes);
        let times = |all: &[String], attempt: &String| all.iter().filter(|other| *other == attempt).count();
        after.iter().any(|attempt| times(&after, attempt) > times(&before, attempt))
    }

    /// Whether a write does no more than take out what the journal has. A command may do so after its own.
    fn only_clears(&self, key: &Key, person: usize, bytes: &[u8]) -> bool {
        let without_outbox = |bytes: &[u8]| {
            let mut account =
                pinlatch::account::Account::decode(bytes, self.real.people[person]).expect("readable");
            if let Some(last) = account.outbox().last().map(|event| event.id) {
                account.delivered_through(last);
            }
            account.encode_as(self.commons.version).expect("it was stored")
        };
        let before = self.real.world.store.bytes(key);
        before.is_some_and(|before| without_outbox(&before) == without_outbox(bytes))
    }

    /// Counts one more write on top of those of every command under way.
    fn bury(&mut self, person: usize) {
        for running in &self.running {
            let Some(errand) = running.job.and_then(|job| self.errands.get_mut(job)) else { continue };
            errand.buried_under += usize::from(errand.person == person);
        }
    }

    /// The same step on the model.
    fn step(&mut self, request: Request, person: usize) -> Expected {
        let Request { job, hashed, reads, .. } = request;
        let reads_since = self.commons.log.lock().unwrap().reads.get(&job).is_some_and(|now| *now > reads);
        let errand = &mut self.errands[job];
        errand.was_buried |= errand.buried_under >= WRITES_REMEMBERED;
        errand.buried_under = 0;
        errand.landed_late = reads_since;
        let guesses = self.model.guesses;
        let expected = decide(&mut self.model, &self.errands[job], hashed);
        let charged = self.model.guesses > guesses && !hashed;
        if charged && let Some(purpose) = self.errands[job].purpose() {
            let (phone, _, _) = self.errands[job].known.phone.expect("a guess comes from a phone");
            let mut devices = self.model.accounts[person].devices.clone().into_iter();
            let has = |device: &mut Device| {
                device.charges().is_some_and(|charges| charges.iter().any(|charge| charge.guess == guesses))
            };
            let device = devices.find_map(|mut device| has(&mut device).then_some(device.name));
            let device = device.expect("charged");
            let token = tokens_of(self.errands[job].command).0;
            let errand = &mut self.errands[job];
            errand.charged = Some(Settling { person, device, token, guess: guesses, phone, purpose });
            return expected;
        }
        let due = Due { outcome: expected.outcome.clone(), writes: true, begun: None };
        self.errands[job].at_write = Some(due);
        expected
    }

    /// I12: between two accepted PINs at most five guesses are answered.
    fn count_verdict(&mut self, job: Job, hashed: bool, outcome: &Result<Answer, Code>) -> Checked {
        let errand = &self.errands[job];
        let Some(charged) = errand.charged.filter(|_| hashed) else { return Ok(()) };
        let answered = self.answered.entry(charged.device).or_default();
        match outcome {
            Ok(_) | Err(Code::IncorrectPin | Code::PinExhausted)
                if !matches!(charged.purpose, Purpose::Create { .. }) =>
            {
                *answered += 1;
                self.tally.verdicts += 1;
            }
            _ => {}
        }
        let most = &mut self.tally.max_answers_between_accepts;
        *most = (*most).max(*answered);
        if *answered > ANSWERS {
            return Err(format!("I12: {answered} guesses answered on one device"));
        }
        if outcome.is_ok() {
            *answered = 0;
            self.tally.accepted += u64::from(!matches!(charged.purpose, Purpose::Create { .. }));
        }
        if *outcome == Err(Code::GuessOvertaken) {
            self.tally.overtaken += 1;
        }
        Ok(())
    }

    /// What the model has numbered and nobody outside has seen yet: tokens get a stand-in until the
    /// client gets them, if it ever does; devices and invitations are in the record.
    fn fill_in(&mut self, person: usize) {
        let id = self.real.people[person];
        while self.real.device_tokens.len() < self.model.device_tokens.len() {
            let mut secret = self.stand_in();
            self.unknown_devices.insert(self.real.device_tokens.len());
            self.real.device_tokens.push(DeviceToken::from_secret(id, &mut secret));
        }
        while self.real.session_tokens.len() < self.model.session_tokens.len() {
            let mut secret = self.stand_in();
            self.unknown_sessions.insert(self.real.session_tokens.len());
            self.real.session_tokens.push(SessionToken::from_secret(id, &mut secret));
        }
        while self.real.invitations.len() < self.model.invitations.len() {
            let mut secret = self.stand_in();
            self.unknown_invitations.insert(self.real.invitations.len());
            self.real.invitations.push(InvitationToken::from_secret(id, &mut secret));
        }
        let account = self.real.world.account(id);
        let listed: Vec<_> =
            account.iter().flat_map(|account| account.device_sessions()).map(|device| device.id()).collect();
        if self.real.devices.len() < self.model.names {
            let newest = *listed.last().expect("the new device is the last one");
            if let Some(place) = self.real.devices.iter().position(|known| *known == newest) {
                // An authentication that was buried under later writes, one of which ended its
                // device, was decided anew.
                self.real.devices[place] = DeviceId::from_u128(self.random.number().into());
            }
            self.real.devices.push(newest);
        }
    }

    fn stand_in(&mut self) -> [u8; 32] {
        let mut secret = [0; 32];
        secret[..8].copy_from_slice(&self.random.number().to_le_bytes());
        secret
    }

    /// The record is what the model says, its events are the expected ones, and the invariants hold.
    fn compare(&mut self, person: usize, command: Option<Command>, expected: &Expected) -> Checked {
        let told = |flaw: String| format!("{command:?}, person {person}: {flaw}");
        let before = self.seen[person].clone();
        self.seen[person].look(&self.real, self.real.people[person]).map_err(told)?;
        let seen = &self.seen[person];
        if let Some(difference) = seen.differs(&self.model.accounts[person], &self.real) {
            return Err(told(difference));
        }
        invariants::at_rest(seen).map_err(told)?;
        // The shadow's journal has what was written before, whether or not the journal is up.
        let journal = std::mem::replace(&mut self.model.journal, false);
        // Whether the journal had taken the last one before, and so how many are counted in one event, is
        // not the model's to know here.
        let mut events = expected.events.clone();
        for (_, happened) in &mut events {
            if let (Happened::SetBack { times, largest }, Some(waiting)) = (happened, seen.set_back_waiting())
            {
                (*times, *largest) = waiting;
            }
        }
        let events = self.trail.follow(&self.real, &self.model, person, seen, Some(&events));
        self.model.journal = journal;
        for event in events.map_err(told)? {
            if event.device.is_some() {
                let change = event.change;
                let text = format!("{change:?}");
                let kind = text.split([' ', '(']).next().unwrap_or_default();
                *self.tally.transitions.entry(kind.to_owned()).or_default() += 1;
            }
        }
        match command {
            Some(command) => {
                invariants::moved(&before, &self.seen[person], command, &self.model, person).map_err(told)
            }
            None => Ok(()),
        }
    }
}
