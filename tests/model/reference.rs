//! The rules once more, naively: plain numbers and strings, no records, no cryptography. Written
//! from the rules, not from the crate, of which it uses the vocabulary only. For each command it
//! says what has to come of it, and moves on.

mod app;
mod browser;
mod guards;
mod sign_in;

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::{AuthenticationMethod, Functions};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause, SessionState};

use crate::commands::Command;
use crate::people::{Company, Day, Human};
use crate::rights::Law;

pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const DAY: u64 = 24 * 60 * MINUTE;

/// The host's policy, and what is fixed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// How many wrong PINs exhaust. Five; something else only to see the comparison fail.
    pub(crate) limit: u8,
    pub(crate) pin_window: u64,
    pub(crate) invitation_lifetime: u64,
    pub(crate) idle: Option<u64>,
    pub(crate) lifetime: Option<u64>,
    pub(crate) clock_jump: u64,
    pub(crate) outbox: usize,
    pub(crate) devices: usize,
    pub(crate) invited_only: bool,
    pub(crate) law: Law,
}

/// What a person remembers of a PIN, and what the device has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) pin: &'static str,
    pub(crate) failures: u8,
    /// Guesses that were paid for and whose comparison failed for want of a hasher.
    pub(crate) unsettled: u8,
    pub(crate) face: Option<u8>,
    pub(crate) finger: Option<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    PinPending { since: u64 },
    Open { keys: Keys, session: usize, since: u64, last_use: u64 },
    Locked { keys: Keys, since: u64 },
    Exhausted,
    Revoked,
}

/// A device that is not logged out.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) name: usize,
    pub(crate) token: usize,
    pub(crate) last_used: u64,
    pub(crate) state: State,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Invited {
    pub(crate) number: usize,
    pub(crate) expires: u64,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) generation: u64,
    pub(crate) revoked: bool,
    pub(crate) admitted: bool,
    pub(crate) invitation: Option<Invited>,
    pub(crate) devices: Vec<Device>,
    /// The latest time that the account has written down.
    pub(crate) time: Option<u64>,
    /// Events in the record for the journal, as observed before the command.
    pub(crate) waiting: usize,
}

/// A phone in a hand: what it keeps.
#[derive(Clone, Debug)]
pub(crate) struct Phone {
    pub(crate) owner: usize,
    pub(crate) token: usize,
    pub(crate) session: usize,
    pub(crate) integrity: DeviceIntegrity,
    pub(crate) faces: u8,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    Device(usize, Change),
    Invited { by: usize, company: Company, self_issued: bool, replaced: bool },
    Withdrawn { by: usize, company: Company },
    RevokedByPerson { device: usize, generation: u64, voided: bool },
    RevokedByAdministrator { by: usize, company: Company, generation: u64, voided: bool },
    JumpBounded { disbelieved: u64 },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Start(usize, Vec<AuthenticationMethod>),
    SignedIn { device: usize, token: usize },
    Session(usize),
    State(SessionState),
    Granted { device: usize },
    Functions(Functions),
    Devices(Vec<(usize, SessionState, bool)>),
    Invitation(usize),
}

/// What has to come of a command.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) outcome: Result<Answer, Code>,
    /// Whose, and what, in any order.
    pub(crate) events: Vec<(usize, Happened)>,
    /// At whom they are aimed, in order.
    pub(crate) refusals: Vec<(usize, Code)>,
    /// How often a PIN is hashed.
    pub(crate) hashes: u64,
    /// Whether the time of use is written down, without an event.
    pub(crate) use_noted: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) today: Day,
    pub(crate) now: Option<u64>,
    /// The last time the clock knew.
    pub(crate) noon: u64,
    pub(crate) journal: bool,
    pub(crate) hasher: bool,
    pub(crate) people: Vec<Human>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) phones: Vec<Phone>,
    /// Of whom each token is. The first ones, one for each person, were never issued.
    pub(crate) device_tokens: Vec<usize>,
    pub(crate) session_tokens: Vec<usize>,
    pub(crate) invitations: Vec<usize>,
    /// Authentications begun: of whom, in which generation.
    pub(crate) starts: Vec<(usize, u64)>,
    pub(crate) names: usize,
    command: Present,
}

/// What belongs to the command under way.
#[derive(Clone, Debug, Default)]
struct Present {
    /// Each account's own time, and how much of the clock's it does not believe.
    moments: Vec<(Option<u64>, u64)>,
    events: Vec<(usize, Happened)>,
    refusals: Vec<(usize, Code)>,
    hashes: u64,
    aimed_at: usize,
    /// A counted wrong PIN is an event, not a refusal besides.
    counted: bool,
    use_noted: bool,
}

impl Model {
    pub(crate) fn new(rules: Rules, today: Day, now: u64, people: Vec<Human>, owners: &[usize]) -> Self {
        let everybody: Vec<usize> = (0..people.len()).collect();
        let integrity = DeviceIntegrity::Unmodified;
        let phone =
            |owner: &usize| Phone { owner: *owner, token: *owner, session: *owner, integrity, faces: 0 };
        Self {
            rules,
            today,
            now: Some(now),
            noon: now,
            journal: true,
            hasher: true,
            accounts: vec![Account::default(); people.len()],
            phones: owners.iter().map(phone).collect(),
            people,
            device_tokens: everybody.clone(),
            session_tokens: everybody.clone(),
            invitations: everybody,
            starts: Vec::new(),
            names: 0,
            command: Present::default(),
        }
    }

    pub(crate) fn apply(&mut self, command: Command) -> Expected {
        let moments = self.accounts.iter().map(|account| self.moment_of(account)).collect();
        self.command = Present { moments, ..Present::default() };
        let outcome = self.obey(command);
        let present = std::mem::take(&mut self.command);
        let Present { events, mut refusals, hashes, aimed_at, counted, use_noted, .. } = present;
        if let Err(code) = outcome
            && !counted
        {
            refusals.push((aimed_at, code));
        }
        Expected { outcome, events, refusals, hashes, use_noted }
    }

    /// E30: the clock, never running back, believed only so far ahead.
    fn moment_of(&self, account: &Account) -> (Option<u64>, u64) {
        let Some(now) = self.now else { return (None, 0) };
        let Some(latest) = account.time else { return (Some(now), 0) };
        let furthest = latest + self.rules.clock_jump;
        (Some(now.clamp(latest, furthest)), now.saturating_sub(furthest))
    }

    /// The first of two writes of a command is done; the second has a moment of its own.
    fn written(&mut self, person: usize) {
        self.command.moments[person] = self.moment_of(&self.accounts[person]);
    }

    fn moment(&self, person: usize) -> Option<u64> {
        self.command.moments[person].0
    }

    /// The moment, or the latest one known, for what must not fail for want of a clock.
    fn moment_or_latest(&self, person: usize) -> u64 {
        self.moment(person).or(self.accounts[person].time).unwrap_or(0)
    }

    fn write_time(&mut self, person: usize) {
        let (moment, disbelieved) = &mut self.command.moments[person];
        let Some(moment) = *moment else { return };
        self.accounts[person].time = Some(moment);
        let disbelieved = std::mem::take(disbelieved);
        if disbelieved > 0 {
            self.command.events.push((person, Happened::JumpBounded { disbelieved }));
        }
    }

    fn note(&mut self, person: usize, what: Happened) {
        self.write_time(person);
        self.command.events.push((person, what));
    }

    fn change(&mut self, person: usize, place: usize, change: Change) {
        let name = self.accounts[person].devices[place].name;
        self.note(person, Happened::Device(name, change));
    }

    /// Of whom a device token is, and the device's place if it is one's.
    pub(crate) fn device_of(&self, token: usize) -> (usize, Option<usize>) {
        let person = self.device_tokens[token];
        (person, self.accounts[person].devices.iter().position(|device| device.token == token))
    }

    pub(crate) fn device_in_session(&self, session: usize) -> (usize, Option<usize>) {
        let person = self.session_tokens[session];
        let open =
            |device: &Device| matches!(device.state, State::Open { session: live, .. } if live == session);
        (person, self.accounts[person].devices.iter().position(open))
    }

    fn device(&mut self, person: usize, place: usize) -> &mut Device {
        &mut self.accounts[person].devices[place]
    }

    fn keys(&mut self, person: usize, place: usize) -> &mut Keys {
        match &mut self.device(person, place).state {
            State::Open { keys, .. } | State::Locked { keys, .. } => keys,
            other => panic!("no keys in {other:?}"),
        }
    }

    /// R29, E03, E14: everything on the device goes, but not the duty to be re-invited.
    fn log_out(&mut self, person: usize, place: usize, cause: LogOutCause) {
        if self.accounts[person].devices[place].state != State::Revoked {
            self.change(person, place, Change::LoggedOut(cause));
            self.accounts[person].devices.remove(place);
        }
    }
}

impl Device {
    pub(crate) fn name_of_state(&self) -> SessionState {
        match self.state {
            State::PinPending { .. } => SessionState::PinPending,
            State::Open { .. } => SessionState::Authenticated,
            State::Locked { .. } => SessionState::Locked,
            State::Exhausted => SessionState::PinExhausted,
            State::Revoked => SessionState::RevokedAll,
        }
    }

    pub(crate) fn read_keys(&self) -> Option<&Keys> {
        match &self.state {
            State::Open { keys, .. } | State::Locked { keys, .. } => Some(keys),
            State::PinPending { .. } | State::Exhausted | State::Revoked => None,
        }
    }
}
