//! Strong authentication, and the invitation that it may need.

use pinlatch::account::DeviceIntegrity;
use pinlatch::people::AuthenticationMethod as Method;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LogOutCause};

use super::app::Outcome;
use super::{Answer, Device, Model, State};
use crate::commands::{SignIn, Whom};

/// An authentication that was begun (D34).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Start {
    pub(crate) named: Option<Named>,
    /// What the clock read.
    pub(crate) read: u64,
}

/// Whom a live device, or a valid invitation, named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) person: usize,
    by_device: bool,
    generation: u64,
    at: u64,
}

/// A start that has made a device session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsedStart {
    pub(crate) start: usize,
    pub(crate) device: usize,
    pub(crate) request: Option<u8>,
}

const STARTS_REMEMBERED: usize = 8;

impl Model {
    /// Writes nothing. A person's own methods are for who proved to be that person.
    pub(super) fn begin(&mut self, whom: Whom) -> Outcome {
        let person = match whom {
            Whom::Nobody => None,
            Whom::Device(token) => Some(self.device_tokens[token]),
            Whom::Invitation(number) => Some(self.invitations[number]),
        };
        self.command.aimed_at = person;
        let before = self.accounts.clone();
        let named = person.and_then(|person| self.named(person, whom));
        self.accounts = before;
        self.command.events.clear();
        self.command.written.fill(false);
        let read = self.clock()?;
        let methods = match named {
            None => Method::ALL.to_vec(),
            Some(named) => {
                self.ask_directory()?;
                let human = &self.people[named.person];
                let has = |method: &Method| match method {
                    Method::BankCredentials => human.known && human.bank,
                    Method::MobileCertificate => human.known && human.mobile,
                    _ => true,
                };
                Method::ALL.iter().copied().filter(has).collect()
            }
        };
        self.starts.push(Start { named, read });
        Ok(Answer::Start(methods))
    }

    fn named(&mut self, person: usize, whom: Whom) -> Option<Named> {
        self.arrive(person);
        let by_device = match whom {
            Whom::Nobody => return None,
            Whom::Device(token) => {
                let place = self.device_of(token).1?;
                self.let_windows_pass(person, place).ok()?;
                (self.accounts[person].devices[place].state != State::Revoked).then_some(true)?
            }
            Whom::Invitation(number) => {
                let open = self.accounts[person].invitation.filter(|open| open.number == number)?;
                (self.passed(person) < open.until).then_some(false)?
            }
        };
        let account = &self.accounts[person];
        let (generation, at) = (account.generation, self.passed(person).max(account.next_start()));
        Some(Named { person, by_device, generation, at })
    }

    pub(super) fn authenticate(&mut self, sign_in: SignIn) -> Outcome {
        let SignIn { phone, start, person, method, known, invitation, request } = sign_in;
        let integrity = self.phones[phone].integrity;
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        if let Some(token) = known.filter(|token| self.device_tokens[*token] != person) {
            self.vacant(token, integrity)?;
        }
        self.command.aimed_at = Some(person);
        self.hand_over_if_full(person);
        self.arrive(person);
        let known = known.filter(|token| self.device_tokens[*token] == person);
        let mine = known.and_then(|token| self.device_of(token).1);
        self.not_modified(person, mine, integrity)?;
        if integrity == DeviceIntegrity::Unknown {
            return Err(Code::DeviceIntegrityUnknown);
        }
        self.let_all_windows_pass(person);
        let mine = known.and_then(|token| self.device_of(token).1);
        if mine.is_some_and(|place| self.accounts[person].devices[place].state == State::Exhausted) {
            return Err(Code::AcknowledgementRequired);
        }
        let by_invitation = self.invited(person, invitation)?;
        self.begun_lately(person, start)?;
        let again = self.unused(person, start, request)?;
        // Who stood nowhere for a day has no session left, the one to be given anew included.
        let again = again.map(|place| self.accounts[person].devices[place].name);
        self.eligible(person)?;
        let is_anew = again.is_some();
        let again = again.and_then(|name| self.place_of(person, name));
        let mine = again.or(known.and_then(|token| self.device_of(token).1));
        self.room_in_trail(person)?;
        self.clock()?;
        let human = &self.people[person];
        let has = match method {
            Method::BankCredentials => human.bank,
            Method::MobileCertificate => human.mobile,
            _ => true,
        };
        if !has {
            return Err(Code::MethodNotAvailable);
        }
        let account = &mut self.accounts[person];
        if by_invitation {
            account.invitation = None;
            account.admitted = true;
        }
        account.revoked = false;
        account.signed_in = true;
        let answer = self.place(person, mine, phone, Change::Authenticated { method, by_invitation });
        if let (Answer::SignedIn { device, .. }, false) = (&answer, is_anew) {
            self.remember_start(person, UsedStart { start, device: *device, request });
        }
        Ok(answer)
    }

    /// E09: nobody else is signed in on the device.
    fn vacant(&mut self, token: usize, integrity: DeviceIntegrity) -> Result<(), Code> {
        let person = self.device_tokens[token];
        self.command.aimed_at = Some(person);
        self.arrive(person);
        let place = self.device_of(token).1;
        self.not_modified(person, place, integrity)?;
        let Some(place) = place else { return Ok(()) };
        if self.let_windows_pass(person, place).is_err() {
            return Ok(());
        }
        match self.accounts[person].devices[place].state {
            State::Revoked => Ok(()),
            _ => Err(Code::DeviceInUse),
        }
    }

    /// R02, R33, R35, D13, D18, E16, E27: whether an invitation is used up.
    fn invited(&mut self, person: usize, presented: Option<usize>) -> Result<bool, Code> {
        let (account, human) = (&self.accounts[person], &self.people[person]);
        let foreign = human.known && !human.bank;
        let bound = !self.rules.invited_only || account.admitted || foreign;
        let refusal = if account.revoked && bound {
            Code::ReinvitationRequired
        } else if foreign && !account.signed_in {
            Code::InvitationRequired
        } else {
            return Ok(false);
        };
        let open = account.invitation.ok_or(refusal)?;
        if presented != Some(open.number) {
            return Err(refusal);
        }
        if self.passed(person) < open.until {
            return Ok(true);
        }
        self.drop_invitation(person);
        Err(refusal)
    }

    /// E30: an invitation once seen to be over stays over, even if the clock goes back.
    pub(super) fn drop_invitation(&mut self, person: usize) {
        self.accounts[person].invitation = None;
        self.write(person);
    }

    /// D34, E13.
    fn begun_lately(&self, person: usize, start: usize) -> Result<(), Code> {
        self.clock()?;
        let (account, window, skew) =
            (&self.accounts[person], self.rules.authentication_window, self.rules.skew);
        let Start { named, read } = self.starts[start];
        let is_good = match named {
            Some(Named { person: other, by_device, .. }) if other != person => {
                return Err(if by_device { Code::DeviceInUse } else { Code::AuthenticationFailed });
            }
            Some(Named { generation, at, .. }) => {
                generation == account.generation
                    && (at <= account.time.passed + skew || at == account.next_start())
                    && at >= account.next_start()
                    && account.time.passed.saturating_sub(at) < window
            }
            None => {
                let time = account.time;
                time.floor + skew < read
                    && read <= time.base + skew
                    && time.base.saturating_sub(read) < window + skew
            }
        };
        if is_good { Ok(()) } else { Err(Code::AuthenticationRequired) }
    }

    /// One start makes one device session; under the same request it is given anew while it waits.
    fn unused(&self, person: usize, start: usize, request: Option<u8>) -> Result<Option<usize>, Code> {
        let account = &self.accounts[person];
        let Some(used) = account.starts.iter().find(|used| used.start == start) else { return Ok(None) };
        // A later start has made another session of the same device since.
        let last = account.starts.iter().rev().find(|other| other.device == used.device);
        let is_last = last.is_some_and(|last| last.start == start);
        let place = self.place_of(person, used.device).filter(|_| is_last);
        let place = place.filter(|place| matches!(account.devices[*place].state, State::PinPending(_)));
        match place {
            Some(place) if request.is_some() && request == used.request => Ok(Some(place)),
            _ => Err(Code::AuthenticationRequired),
        }
    }

    fn remember_start(&mut self, person: usize, used: UsedStart) {
        let account = &mut self.accounts[person];
        account.starts.push(used);
        if account.starts.len() <= STARTS_REMEMBERED {
            return;
        }
        let Start { named, read } = self.starts[account.starts.remove(0).start];
        match named {
            Some(named) => account.forgotten = account.forgotten.max(Some(named.at)),
            None => account.time.floor = account.time.floor.max(read.min(account.time.base)),
        }
    }

    fn place(&mut self, person: usize, mine: Option<usize>, phone: usize, change: Change) -> Answer {
        self.device_tokens.push(person);
        let token = self.device_tokens.len() - 1;
        let at = self.passed(person);
        let fresh = Device {
            name: self.names,
            token,
            label: "phone",
            since: at,
            begun_on: self.today,
            last_used: at,
            last_opened: None,
            state: State::PinPending(Vec::new()),
        };
        let place = if let Some(place) = mine {
            if self.accounts[person].devices[place].state != State::Revoked {
                self.change(person, place, Change::LoggedOut(LogOutCause::Reauthenticated));
            }
            let name = self.accounts[person].devices[place].name;
            self.accounts[person].devices[place] = Device { name, ..fresh };
            place
        } else {
            self.names += 1;
            while self.accounts[person].devices.len() >= self.rules.devices {
                self.make_room(person);
            }
            self.accounts[person].devices.push(fresh);
            self.accounts[person].devices.len() - 1
        };
        self.change(person, place, change);
        let hand = &mut self.phones[phone];
        (hand.owner, hand.token, hand.session) = (person, token, person);
        Answer::SignedIn { device: self.accounts[person].devices[place].name, token }
    }

    /// D33: what has the least to lose goes first.
    fn make_room(&mut self, person: usize) {
        let worth = |state: &State| match state {
            State::Revoked => 0,
            State::Exhausted => 1,
            State::PinPending(_) => 2,
            State::Open(..) | State::Locked(_) => 3,
        };
        let devices = self.accounts[person].devices.iter().enumerate();
        let first = devices.min_by_key(|(_, device)| (worth(&device.state), device.last_used));
        let (first, _) = first.expect("full");
        if self.accounts[person].devices[first].state == State::Revoked {
            self.accounts[person].devices.remove(first);
        } else {
            self.log_out(person, first, LogOutCause::MadeRoom);
        }
    }
}
