//! The steps that the model takes with the store: what a command has to come to at each of its
//! reads, and what each write has to be.

use pinlatch::host::{BlockingJournal, Key};
use pinlatch::id::{DeviceId, InvitationId};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::{DeviceToken, SessionToken};

use crate::commands::Command;
use crate::errand::{Charged, Due, Errand, Known};
use crate::invariants;
use crate::log::{HOST, Happening, Job, Request};
use crate::people::{Day, Human};
use crate::reference::{Account, Answer, Expected, Happened, Keys, Model, Phone, State};
use crate::settle::{Settled, settle};
use crate::town::{Checked, Town};

/// The comparisons that are allowed between two accepted PINs (I12).
const COMPARISONS: u64 = 5;

/// What the model knew of the present before it was shown a command's own.
pub(crate) struct Present {
    now: Option<u64>,
    today: Day,
    people: Vec<Human>,
    phones: Vec<Phone>,
    journal: bool,
    hasher: bool,
}

/// Shows the model what the host knew when a command began.
pub(crate) fn show(model: &mut Model, known: &Known, journal: bool) -> Present {
    let present = Present {
        now: std::mem::replace(&mut model.now, known.now),
        today: std::mem::replace(&mut model.today, known.today),
        people: std::mem::replace(&mut model.people, known.people.clone()),
        phones: model.phones.clone(),
        journal: std::mem::replace(&mut model.journal, journal),
        hasher: std::mem::replace(&mut model.hasher, true),
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
}

fn same(one: &Account, other: &Account) -> bool {
    let plain = |account: &Account| {
        let invitation = account.invitation.map(|open| (open.number, open.expires));
        (account.generation, account.revoked, account.admitted, invitation, account.time)
    };
    let mut devices = one.devices.iter().zip(&other.devices);
    plain(one) == plain(other)
        && one.devices.len() == other.devices.len()
        && devices.all(|(one, other)| {
            (one.name, one.token, one.last_used) == (other.name, other.token, other.last_used)
                && one.state == other.state
        })
}

/// Lets the model decide. A guess that was charged by an earlier write, which the record has
/// forgotten, is not charged twice.
fn decide(model: &mut Model, errand: &Errand) -> Expected {
    let charged = errand.charged.filter(|charged| keys_in_flight(model, *charged).is_some());
    if let Some(keys) = charged.and_then(|charged| keys_in_flight(model, charged)) {
        keys.unsettled -= 1;
    }
    let expected = model.apply(errand.command);
    if expected.outcome != Err(Code::Unavailable)
        && let Some(keys) = charged.and_then(|charged| keys_in_flight(model, charged))
    {
        keys.unsettled += 1;
    }
    expected
}

/// The PIN against which a guess is in flight, if it still is.
fn keys_in_flight(model: &mut Model, charged: Charged) -> Option<&mut Keys> {
    let account = &mut model.accounts[charged.person];
    if account.generation != charged.generation {
        return None;
    }
    let device = account.devices.iter_mut().find(|device| device.name == charged.device)?;
    match &mut device.state {
        State::Open { keys, .. } | State::Locked { keys, .. } => Some(keys),
        State::PinPending { .. } | State::Exhausted | State::Revoked => None,
    }
}

impl Town {
    pub(crate) fn happened(&mut self, happening: Happening) -> Checked {
        match happening {
            Happening::Read(HOST) => Ok(()),
            Happening::Read(job) => {
                let due = self.due(job);
                self.errands[job].at_read = Some(due);
                Ok(())
            }
            Happening::Hashed(job, done) => self.hashed(job, done),
            Happening::Applied(key, bytes) => self.applied(&key, bytes),
        }
    }

    /// What would come of a command if it were decided now.
    pub(crate) fn due(&self, job: Job) -> Due {
        let errand = &self.errands[job];
        let person = errand.person;
        let mut model = self.model.clone();
        show(&mut model, &errand.known, self.model.journal);
        model.accounts[person].waiting = self.seen[person].outbox.len();
        let hashed = self.commons.log.lock().unwrap().hashed.contains(&job);
        if let Some(charged) = errand.charged.filter(|_| hashed) {
            let Settled { outcome, writes, .. } =
                settle(&mut model, errand, charged, self.version(charged.device));
            return Due { outcome, writes, begun: None };
        }
        model.hasher = errand.guess().is_none();
        let outcome = decide(&mut model, errand).outcome;
        let writes = !same(&model.accounts[person], &self.model.accounts[person]);
        let begins = matches!(errand.command, Command::Begin { .. });
        Due { outcome, writes, begun: begins.then_some(model.accounts[person].generation) }
    }

    /// I12: what is compared has been charged, and is still in flight.
    fn hashed(&mut self, job: Job, done: bool) -> Checked {
        let errand = &mut self.errands[job];
        errand.hasher_failed = !done;
        if errand.guess().is_none() || !done {
            return Ok(());
        }
        let charged = errand.charged.ok_or("I12: compared, and nothing was charged")?;
        let so_far = self.compared.entry(charged.device).or_default();
        *so_far += 1;
        self.tally.comparisons += 1;
        let most = &mut self.tally.max_comparisons_between_accepts;
        *most = (*most).max(*so_far);
        if *so_far > COMPARISONS {
            return Err(format!("I12: {so_far} comparisons on one device"));
        }
        Ok(())
    }

    fn applied(&mut self, key: &Key, bytes: Vec<u8>) -> Checked {
        let person = self.people_by_key[key];
        let request = self.commons.log.lock().unwrap().requests[&bytes];
        // What the journal was to get before this write, it has got, or will.
        self.real.world.journal.record(&self.seen[person].outbox).expect("the shadow's journal is up");
        let only_clears = self.only_clears(key, person, &bytes);
        self.real.world.store.overwrite(key, Some(bytes));
        self.tally.writes += 1;
        self.bury(person);
        if request.job == HOST || only_clears {
            // Only the outbox is shorter.
            let nothing = Expected {
                outcome: Ok(Answer::Done),
                events: vec![],
                refusals: vec![],
                hashes: 0,
                use_noted: false,
            };
            return self.compare(person, None, &nothing);
        }
        let command = self.errands[request.job].command;
        self.tell(|| format!("    #{} writes to person {person}", request.job));
        let known = self.errands[request.job].known.clone();
        let present = show(&mut self.model, &known, request.journal);
        self.model.accounts[person].waiting = self.seen[person].outbox.len();
        let expected = self.step(request, person);
        self.fill_in(person);
        let compared = self.compare(person, Some(command), &expected);
        let newest = self.seen[person].outbox.last();
        self.errands[request.job].events = newest.map_or(0, |event| event.sequence + 1);
        back(&mut self.model, present);
        compared
    }

    /// Whether a write does no more than take out what the journal has. A command may do so after its own.
    fn only_clears(&self, key: &Key, person: usize, bytes: &[u8]) -> bool {
        let without_outbox = |bytes: &[u8]| {
            let mut account =
                pinlatch::account::Account::decode(bytes, self.real.people[person]).expect("readable");
            if let Some(last) = account.outbox().last().map(|event| event.id) {
                account.delivered_through(last);
            }
            account.encode().expect("it was stored")
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
        let Request { job, hashed, .. } = request;
        self.errands[job].buried_under = 0;
        let errand = &self.errands[job];
        let is_guess = errand.guess().is_some();
        if let Some(charged) = errand.charged.filter(|_| hashed) {
            let version = self.version(charged.device);
            let Settled { outcome, events, accepted, writes } =
                settle(&mut self.model, errand, charged, version);
            self.settled(job, charged, &events, accepted);
            self.errands[job].at_write = Some(Due { outcome: outcome.clone(), writes, begun: None });
            return Expected { outcome, events, refusals: vec![], hashes: 0, use_noted: false };
        }
        self.model.hasher = !is_guess;
        let generation = self.model.accounts[person].generation;
        let before = self.model.accounts[person].devices.clone();
        let expected = decide(&mut self.model, &self.errands[job]);
        if is_guess && self.errands[job].charged.is_none() && expected.outcome == Err(Code::Unavailable) {
            let keys = |devices: &[crate::reference::Device], name| {
                let device = devices.iter().find(|device| device.name == name)?;
                device.read_keys().map(|keys| keys.unsettled)
            };
            let after = &self.model.accounts[person].devices;
            let mut names = after.iter().map(|device| device.name);
            let device = names.find(|name| keys(after, *name) > keys(&before, *name)).expect("charged");
            let version = self.version(device);
            self.errands[job].charged = Some(Charged { person, device, generation, version });
        } else if !is_guess || expected.outcome != Err(Code::Unavailable) {
            let due = Due { outcome: expected.outcome.clone(), writes: true, begun: None };
            self.errands[job].at_write = Some(due);
        }
        if let (Command::CreatePin { token, .. }, Ok(_)) = (self.errands[job].command, &expected.outcome)
            && let (_, Some(place)) = self.model.device_of(token)
        {
            self.compared.insert(self.model.accounts[person].devices[place].name, 0);
        }
        expected
    }

    fn settled(&mut self, job: Job, charged: Charged, events: &[(usize, Happened)], accepted: bool) {
        self.errands[job].settled = true;
        if accepted {
            self.tally.accepted += 1;
            self.compared.insert(charged.device, 0);
        }
        let changed = |(_, what): &(usize, Happened)| {
            matches!(what, Happened::Device(_, pinlatch::session::Change::PinChanged))
        };
        if events.iter().any(changed) {
            *self.versions.entry(charged.device).or_default() += 1;
        }
    }

    fn version(&self, device: usize) -> u64 {
        self.versions.get(&device).copied().unwrap_or_default()
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
        let account = self.real.world.account(id);
        if self.real.invitations.len() < self.model.invitations.len() {
            let open = account.as_ref().and_then(|account| account.invitation()).expect("open").id();
            if let Some(place) = self.real.invitations.iter().position(|known| *known == open) {
                // Buried under later writes, one of which ended it, and decided anew.
                self.real.invitations[place] = InvitationId::from_u128(self.random.number().into());
            }
            self.unknown_invitations.insert(self.real.invitations.len());
            self.real.invitations.push(open);
        }
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
        let events = self.trail.follow(&self.real, &self.model, person, seen, Some(expected));
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
