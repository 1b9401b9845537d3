//! The rules once more, naively: plain numbers and strings, no records, no cryptography. Written
//! from the rules, not from the crate, of which it uses the vocabulary only. For each command it
//! says what has to come of it, and moves on.

mod app;
mod browser;
mod devices;
mod ended;
mod guards;
mod ledger;
#[allow(dead_code, reason = "the simulation takes the two steps of a guess one by one")]
mod settlement;
mod sign_in;
mod time;
mod view;

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::{AuthenticationMethod, Functions};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, OpenedBy, SessionState};

use crate::commands::Command;
use crate::people::{Company, Day, Human};
use crate::rights::Law;

pub(crate) use ended::Ended;
pub(crate) use ledger::{Charge, Keys};
#[allow(unused_imports, reason = "as above")]
pub(crate) use settlement::{Purpose, Settling};
pub(crate) use sign_in::{Start, UsedStart};
pub(crate) use time::{DAY, MINUTE, Time, YEAR};
pub(crate) use view::View;

/// The host's policy, and what is fixed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// How many wrong PINs exhaust. Five; something else only to see the comparison fail.
    pub(crate) limit: usize,
    pub(crate) pin_window: u64,
    pub(crate) invitation_lifetime: u64,
    pub(crate) authentication_window: u64,
    pub(crate) answer_window: u64,
    pub(crate) skew: u64,
    pub(crate) idle: Option<u64>,
    pub(crate) lifetime: Option<u64>,
    pub(crate) outbox: usize,
    pub(crate) devices: usize,
    pub(crate) invited_only: bool,
    pub(crate) law: Law,
    /// Whether records are written in the version that remembers how sessions ended.
    pub(crate) remembers: bool,
}

/// An open session: its token, when it was opened and last used, on the timeline and by the clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) session: usize,
    pub(crate) by: OpenedBy,
    pub(crate) at: u64,
    pub(crate) read: u64,
    pub(crate) used_at: u64,
    pub(crate) used_read: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// With the new PINs that are being hashed.
    PinPending(Vec<Charge>),
    Open(Keys, Opened),
    Locked(Keys),
    Exhausted,
    Revoked,
}

/// A device that is not logged out, or was logged out with all others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Device {
    pub(crate) name: usize,
    pub(crate) token: usize,
    pub(crate) label: &'static str,
    pub(crate) since: u64,
    pub(crate) begun_on: Day,
    pub(crate) last_used: u64,
    pub(crate) last_opened: Option<(u64, OpenedBy)>,
    pub(crate) state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Invited {
    pub(crate) number: usize,
    pub(crate) by: usize,
    pub(crate) until: u64,
    /// What the clock reads then.
    pub(crate) expires: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    /// Whether there is a record of it.
    pub(crate) exists: bool,
    pub(crate) generation: u64,
    pub(crate) revoked: bool,
    /// Whether an invitation was ever accepted, and whether anybody was ever signed in.
    pub(crate) admitted: bool,
    pub(crate) signed_in: bool,
    pub(crate) invitation: Option<Invited>,
    pub(crate) devices: Vec<Device>,
    /// The last four that ended, the eldest first.
    pub(crate) ended: Vec<Ended>,
    pub(crate) time: Time,
    /// The last eight, the eldest first.
    pub(crate) starts: Vec<UsedStart>,
    /// The latest of the named ones that were forgotten.
    pub(crate) forgotten: Option<u64>,
    /// Events in the record for the journal, as observed before the command.
    pub(crate) waiting: usize,
    /// Among them a clock that was set back: how often, by how much.
    pub(crate) set_back_waiting: Option<(u32, u64)>,
}

impl Account {
    /// The first moment at which a start that names this account may have begun (D34).
    pub(crate) fn next_start(&self) -> u64 {
        self.forgotten.map_or(0, |forgotten| forgotten + 1)
    }
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
    DeviceOut { device: usize, by: usize, company: Company },
    Invited { by: usize, company: Company, self_issued: bool, replaced: bool },
    Withdrawn { by: usize, company: Company },
    RevokedByPerson { device: usize, generation: u64, voided: bool },
    RevokedByAdministrator { by: usize, company: Company, generation: u64, voided: bool },
    SetBack { times: u32, largest: u64 },
    Erased,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) device: usize,
    pub(crate) state: SessionState,
    pub(crate) label: String,
    pub(crate) opened: Option<(u64, OpenedBy)>,
    pub(crate) this: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Done,
    Start(Vec<AuthenticationMethod>),
    SignedIn { device: usize, token: usize },
    Session(usize),
    View(View),
    Granted { device: usize },
    Functions(Functions),
    Devices(Vec<Line>),
    Overview { barred: bool, invitation: Option<(usize, u64)>, devices: Vec<Line> },
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
    /// Whose record is written.
    pub(crate) written: Vec<bool>,
}

impl Expected {
    /// Nothing at all.
    pub(crate) fn nothing(people: usize) -> Self {
        let written = vec![false; people];
        Self { outcome: Ok(Answer::Done), events: vec![], refusals: vec![], hashes: 0, written }
    }
}

#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) rules: Rules,
    pub(crate) today: Day,
    /// What the clock says, sense or nonsense.
    pub(crate) now: Option<u64>,
    /// The right time.
    pub(crate) noon: u64,
    pub(crate) journal: bool,
    pub(crate) hasher: bool,
    pub(crate) directory: bool,
    pub(crate) people: Vec<Human>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) phones: Vec<Phone>,
    /// Of whom each token is. The first ones, one for each person, were never issued.
    pub(crate) device_tokens: Vec<usize>,
    pub(crate) session_tokens: Vec<usize>,
    pub(crate) invitations: Vec<usize>,
    /// Authentications begun.
    pub(crate) starts: Vec<Start>,
    pub(crate) names: usize,
    /// A number for the next guess that is charged.
    pub(crate) guesses: usize,
    /// The guess that the command charged before, if the store has lost sight of that (E39).
    pub(crate) charged_before: Option<usize>,
    /// Whether what is drawn for a guess is in the record already (E39).
    pub(crate) draw_repeats: bool,
    command: Present,
}

/// What belongs to the command under way.
#[derive(Clone, Debug, Default)]
struct Present {
    events: Vec<(usize, Happened)>,
    refusals: Vec<(usize, Code)>,
    hashes: u64,
    aimed_at: Option<usize>,
    /// A counted wrong PIN is an event, not a refusal besides.
    counted: bool,
    written: Vec<bool>,
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
            directory: true,
            accounts: vec![Account::default(); people.len()],
            phones: owners.iter().map(phone).collect(),
            people,
            device_tokens: everybody.clone(),
            session_tokens: everybody.clone(),
            invitations: everybody,
            starts: Vec::new(),
            names: 0,
            guesses: 0,
            charged_before: None,
            draw_repeats: false,
            command: Present::default(),
        }
    }

    /// A command, from its beginning to its answer. What found nothing to write leaves everything as it
    /// was, the time that has passed included (D23).
    pub(crate) fn apply(&mut self, command: Command) -> Expected {
        let before = self.accounts.clone();
        self.command = Present { written: vec![false; self.accounts.len()], ..Present::default() };
        let outcome = self.obey(command);
        self.finish(before, outcome)
    }

    /// What has to come of what was just done.
    fn finish(&mut self, before: Vec<Account>, outcome: Result<Answer, Code>) -> Expected {
        let present = std::mem::take(&mut self.command);
        let Present { events, mut refusals, hashes, aimed_at, counted, written, .. } = present;
        for (person, before) in before.into_iter().enumerate() {
            if written[person] {
                self.accounts[person].exists = true;
                if !self.rules.remembers {
                    self.accounts[person].ended.clear();
                }
            } else {
                self.accounts[person] = before;
            }
        }
        if let (Err(code), false, Some(person)) = (&outcome, counted, aimed_at) {
            refusals.push((person, *code));
        }
        Expected { outcome, events, refusals, hashes, written }
    }

    fn write(&mut self, person: usize) {
        self.command.written[person] = true;
    }

    fn note(&mut self, person: usize, what: Happened) {
        self.write(person);
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
        let open = |device: &Device| matches!(&device.state, State::Open(_, open) if open.session == session);
        (person, self.accounts[person].devices.iter().position(open))
    }

    fn device(&mut self, person: usize, place: usize) -> &mut Device {
        &mut self.accounts[person].devices[place]
    }

    /// Where the device of this name is by now.
    fn place_of(&self, person: usize, name: usize) -> Option<usize> {
        self.accounts[person].devices.iter().position(|device| device.name == name)
    }

    /// Whether the directory can be asked; nothing is decided before.
    fn ask_directory(&self) -> Result<(), Code> {
        if self.directory { Ok(()) } else { Err(Code::Unavailable) }
    }
}

impl Account {
    /// E35: once the bar is lifted, a revoked device reads as logged out.
    pub(crate) fn state_of(&self, device: &Device) -> SessionState {
        match device.state {
            State::Revoked if !self.revoked => SessionState::LoggedOut,
            _ => device.state_in_the_row(),
        }
    }
}

impl Device {
    pub(crate) const fn state_in_the_row(&self) -> SessionState {
        match self.state {
            State::PinPending(_) => SessionState::PinPending,
            State::Open(..) => SessionState::Authenticated,
            State::Locked(_) => SessionState::Locked,
            State::Exhausted => SessionState::PinExhausted,
            State::Revoked => SessionState::RevokedAll,
        }
    }

    pub(crate) fn read_keys(&self) -> Option<&Keys> {
        match &self.state {
            State::Open(keys, _) | State::Locked(keys) => Some(keys),
            State::PinPending(_) | State::Exhausted | State::Revoked => None,
        }
    }

    pub(crate) fn keys(&mut self) -> &mut Keys {
        match &mut self.state {
            State::Open(keys, _) | State::Locked(keys) => keys,
            other => panic!("no keys in {other:?}"),
        }
    }

    pub(crate) fn charges(&mut self) -> Option<&mut Vec<Charge>> {
        match &mut self.state {
            State::PinPending(claims) => Some(claims),
            State::Open(keys, _) | State::Locked(keys) => Some(&mut keys.in_flight),
            State::Exhausted | State::Revoked => None,
        }
    }
}
