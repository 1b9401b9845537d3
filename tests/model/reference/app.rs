//! What happens on a device.

use pinlatch::account::EndReason;
use pinlatch::people::{Action, Function, Functions};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, OpenedBy};

use super::ledger::For;
use super::time::DAY;
use super::{Answer, Keys, Model, Opened, State};
use crate::commands::{Command, WEAK_PINS, Want};
use crate::facts::functions;
use crate::rights::Ask;

pub(super) type Outcome = Result<Answer, Code>;

impl Model {
    pub(super) fn obey(&mut self, command: Command) -> Outcome {
        match command {
            Command::Begin { whom } => self.begin(whom),
            Command::FailAuthentication { start, .. } => {
                self.command.aimed_at = self.starts[start].named.map(|named| named.person);
                Err(Code::AuthenticationFailed)
            }
            Command::Authenticate(sign_in) => self.authenticate(sign_in),
            Command::CreatePin { phone, token, first, second } => {
                self.create_pin(phone, token, first, second)
            }
            Command::Lock { token } => self.lock(token),
            Command::Unlock { phone, token, pin, request } => self.unlock(phone, token, pin, request),
            Command::UnlockBiometric { phone, token, modality, recognised, faces } => {
                self.unlock_biometric(phone, token, modality, recognised, faces)
            }
            Command::EnableBiometric { phone, session, modality } => self.enable(phone, session, modality),
            Command::DisableBiometric { session, modality } => self.disable(session, modality),
            Command::ChangePin { phone, session, current, new, again, request } => {
                self.change_pin(phone, session, current, [new, again], request)
            }
            Command::Acknowledge { token } => self.acknowledge(token),
            Command::LogOut { token } => {
                let person = self.device_tokens[token];
                self.arrive(person);
                if let (person, Some(place)) = self.device_of(token) {
                    self.log_out_row(person, place, LogOutCause::Asked);
                }
                Ok(Answer::Done)
            }
            Command::ReportIntegrity { phone, token } => {
                self.arrive(self.device_tokens[token]);
                let (person, place) = self.device_of(token);
                let _said_to_nobody = self.not_modified(person, place, self.phones[phone].integrity);
                Ok(Answer::Done)
            }
            Command::Check { phone, session, want, by_pin } => {
                let (person, place) = self.use_app(phone, session, want, by_pin)?;
                Ok(Answer::Granted { device: self.accounts[person].devices[place].name })
            }
            Command::OfferFunctions { phone, session, company } => {
                let (person, _) = self.use_app(phone, session, None, None)?;
                let ask = |function| Ask { browser: false, company, action: Action::Read, function };
                let (today, law) = (self.today, self.rules.law);
                let offered = |function: &&Function| self.people[person].offered(ask(**function), today, law);
                let offered: Functions = functions().iter().filter(offered).copied().collect();
                Ok(Answer::Functions(offered))
            }
            other => self.obey_about_devices(other),
        }
    }

    /// E38: a place is taken before the new PIN is hashed.
    fn create_pin(&mut self, phone: usize, token: usize, first: &'static str, second: &str) -> Outcome {
        let (person, place) = self.raising(token, self.phones[phone].integrity)?;
        self.waits_for_pin(person, place)?;
        acceptable(first, second)?;
        let _claim = self.charge((person, place), None)?;
        if !self.hasher {
            return Err(Code::Unavailable);
        }
        self.command.hashes += 1;
        Ok(self.open(phone, (person, place), Keys::new(first), OpenedBy::Pin, Change::PinCreated))
    }

    pub(super) fn waits_for_pin(&self, person: usize, place: usize) -> Result<(), Code> {
        match self.accounts[person].devices[place].state {
            State::PinPending(_) => Ok(()),
            State::Exhausted => Err(Code::PinExhausted),
            _ => Err(Code::PinExists),
        }
    }

    pub(super) fn open(
        &mut self,
        phone: usize,
        (person, place): (usize, usize),
        keys: Keys,
        by: OpenedBy,
        change: Change,
    ) -> Answer {
        let (at, read) = (self.passed(person), self.reading().expect("a clock"));
        self.session_tokens.push(person);
        let session = self.session_tokens.len() - 1;
        let device = self.device(person, place);
        device.state = State::Open(keys, Opened { session, by, at, read, used_at: at, used_read: read });
        device.last_used = at;
        device.last_opened = Some((read, by));
        self.change(person, place, change);
        self.phones[phone].session = session;
        Answer::Session(session)
    }

    fn lock(&mut self, token: usize) -> Outcome {
        let person = self.device_tokens[token];
        self.command.aimed_at = Some(person);
        self.arrive(person);
        let place = self.device_of(token).1.ok_or(Code::AuthenticationRequired)?;
        self.let_windows_pass(person, place)?;
        self.not_revoked(person, place)?;
        match self.accounts[person].devices[place].state {
            State::Open(..) => {
                self.lock_device(person, place, LockCause::Asked);
                Ok(Answer::Done)
            }
            State::Locked(_) => Ok(Answer::Done),
            State::PinPending(_) => Err(Code::PinRequired),
            State::Exhausted | State::Revoked => Err(Code::PinExhausted),
        }
    }

    /// D26: an open app is opened anew.
    pub(super) fn must_have_pin(&self, person: usize, place: usize) -> Result<(), Code> {
        match self.accounts[person].devices[place].state {
            State::Locked(_) | State::Open(..) => Ok(()),
            State::PinPending(_) => Err(Code::PinRequired),
            State::Exhausted | State::Revoked => Err(Code::PinExhausted),
        }
    }

    fn unlock(&mut self, phone: usize, token: usize, pin: &str, request: Option<u8>) -> Outcome {
        let found = self.raising(token, self.phones[phone].integrity)?;
        self.must_have_pin(found.0, found.1)?;
        self.asked_before(found, request, For::Unlocking)?;
        self.guess(found, pin, request, For::Unlocking)?;
        let keys = self.device(found.0, found.1).keys().clone();
        Ok(self.open(phone, found, keys, OpenedBy::Pin, Change::UnlockedByPin))
    }

    /// R27, D05, D28, E28.
    fn unlock_biometric(
        &mut self,
        phone: usize,
        token: usize,
        modality: Modality,
        recognised: bool,
        faces: Option<u8>,
    ) -> Outcome {
        let (person, place) = self.raising(token, self.phones[phone].integrity)?;
        self.must_have_pin(person, place)?;
        let slot = slot(self.device(person, place).keys(), modality);
        let enabled = slot.ok_or(Code::BiometricUnavailable)?;
        if !recognised && faces.is_none() {
            return Err(Code::BiometricRejected);
        }
        if faces != Some(enabled) {
            *slot = None;
            self.change(person, place, Change::BiometricBaselineChanged(modality));
            return Err(Code::BiometricUnavailable);
        }
        if !recognised {
            return Err(Code::BiometricRejected);
        }
        let keys = self.device(person, place).keys().clone();
        let (by, change) = (OpenedBy::Biometric(modality), Change::UnlockedByBiometric(modality));
        Ok(self.open(phone, (person, place), keys, by, change))
    }

    /// D28: whose finger opened it adds no other.
    fn enable(&mut self, phone: usize, session: usize, modality: Modality) -> Outcome {
        let (integrity, faces) = (self.phones[phone].integrity, self.phones[phone].faces);
        let (person, place) = self.raising_in_session(session, integrity)?;
        if *slot(self.device(person, place).keys(), modality) == Some(faces) {
            return Ok(Answer::Done);
        }
        if !matches!(&self.device(person, place).state, State::Open(_, open) if open.by == OpenedBy::Pin) {
            return Err(Code::StepUpRequired);
        }
        *slot(self.device(person, place).keys(), modality) = Some(faces);
        self.change(person, place, Change::BiometricEnabled(modality));
        Ok(Answer::Done)
    }

    fn disable(&mut self, session: usize, modality: Modality) -> Outcome {
        let (person, place) = self.live(session)?;
        if slot(self.device(person, place).keys(), modality).take().is_some() {
            self.change(person, place, Change::BiometricDisabled(modality));
        }
        Ok(Answer::Done)
    }

    /// E29, D27.
    fn change_pin(
        &mut self,
        phone: usize,
        session: usize,
        current: &str,
        new: [&'static str; 2],
        request: Option<u8>,
    ) -> Outcome {
        let found = self.raising_in_session(session, self.phones[phone].integrity)?;
        if self.asked_before(found, request, For::Changing)? {
            return Ok(Answer::Done);
        }
        acceptable(new[0], new[1])?;
        if current == new[0] {
            return Err(Code::PinUnchanged);
        }
        self.guess(found, current, request, For::Changing)?;
        let keys = self.device(found.0, found.1).keys();
        (keys.pin, keys.changed_by) = (new[0], request);
        self.change(found.0, found.1, Change::PinChanged);
        Ok(Answer::Done)
    }

    fn acknowledge(&mut self, token: usize) -> Outcome {
        let person = self.device_tokens[token];
        self.command.aimed_at = Some(person);
        self.arrive(person);
        let place = self.device_of(token).1.ok_or(Code::NothingToAcknowledge)?;
        self.let_windows_pass(person, place).map_err(|_| Code::NothingToAcknowledge)?;
        if self.accounts[person].devices[place].state != State::Exhausted {
            return Err(Code::NothingToAcknowledge);
        }
        self.change(person, place, Change::Acknowledged);
        self.leaves(person, place, EndReason::PinExhausted, true);
        Ok(Answer::Done)
    }

    fn use_app(
        &mut self,
        phone: usize,
        session: usize,
        want: Option<Want>,
        by_pin: Option<u64>,
    ) -> Result<(usize, usize), Code> {
        let (person, place) = self.usable(phone, session)?;
        if let Some(span) = by_pin {
            self.opened_by_pin(person, place, span)?;
        }
        if let Some(Want { company, action, function, owner }) = want {
            let ask = Ask { browser: false, company, action, function };
            let (own, other) = (owner == person, Some(&self.people[owner]));
            self.people[person].may(ask, own, other, self.today, self.rules.law)?;
        }
        self.note_use(person, place);
        Ok((person, place))
    }

    /// Any use of an open app (R04, E19, E23).
    pub(super) fn usable(&mut self, phone: usize, session: usize) -> Result<(usize, usize), Code> {
        let person = self.session_tokens[session];
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        self.arrive(person);
        let place = self.device_in_session(session).1.ok_or(Code::SessionRequired)?;
        self.not_modified(person, Some(place), self.phones[phone].integrity)?;
        if self.rules.idle.is_some() || self.rules.lifetime.is_some() {
            self.clock()?;
        }
        self.let_windows_pass(person, place)?;
        self.must_be_open(person, place)?;
        let name = self.accounts[person].devices[place].name;
        self.eligible(person)?;
        let place = self.place_of(person, name).ok_or(Code::AuthenticationRequired)?;
        Ok((person, place))
    }

    /// D26.
    fn opened_by_pin(&self, person: usize, place: usize, span: u64) -> Result<(), Code> {
        self.clock()?;
        match &self.accounts[person].devices[place].state {
            State::Open(_, open) if open.by == OpenedBy::Pin && self.passed(person) - open.at <= span => {
                Ok(())
            }
            _ => Err(Code::StepUpRequired),
        }
    }

    /// D33: at most once in a tenth of the idle window, or once a day where there is none.
    fn note_use(&mut self, person: usize, place: usize) {
        let Some(read) = self.reading() else { return };
        let (at, often) = (self.passed(person), self.rules.idle.map_or(DAY, |idle| idle / 10));
        let device = self.device(person, place);
        let State::Open(_, open) = &mut device.state else { return };
        if at - open.used_at >= often {
            (open.used_at, open.used_read) = (at, read);
            device.last_used = at;
            self.write(person);
        }
    }
}

fn slot(keys: &mut Keys, modality: Modality) -> &mut Option<u8> {
    match modality {
        Modality::Face => &mut keys.face,
        Modality::Fingerprint => &mut keys.finger,
    }
}

/// R07, R08, D19.
fn acceptable(first: &str, second: &str) -> Result<(), Code> {
    if first.len() != 6 {
        return Err(Code::PinMalformed);
    }
    if first != second {
        return Err(Code::PinMismatch);
    }
    if WEAK_PINS.contains(&first) { Err(Code::PinTooWeak) } else { Ok(()) }
}
