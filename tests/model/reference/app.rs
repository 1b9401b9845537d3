//! What happens on a device.

use pinlatch::people::{Action, Function, Functions};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause, Modality, SessionState};

use super::{Answer, Device, Happened, Keys, Model, State};
use crate::commands::{Command, WEAK_PINS, Want};
use crate::facts::functions;
use crate::rights::Ask;

type Outcome = Result<Answer, Code>;

impl Model {
    pub(super) fn obey(&mut self, command: Command) -> Outcome {
        match command {
            Command::Begin { person } => Ok(self.begin(person)),
            Command::FailAuthentication { start, .. } => {
                self.command.aimed_at = self.starts[start].0;
                Err(Code::AuthenticationFailed)
            }
            Command::Authenticate(sign_in) => self.authenticate(sign_in),
            Command::CreatePin { phone, token, first, second } => {
                self.create_pin(phone, token, first, second)
            }
            Command::Lock { token } => self.lock(token),
            Command::Unlock { phone, token, pin } => self.unlock(phone, token, pin),
            Command::UnlockBiometric { phone, token, modality, recognised, faces } => {
                self.unlock_biometric(phone, token, modality, recognised, faces)
            }
            Command::EnableBiometric { phone, session, modality } => self.enable(phone, session, modality),
            Command::DisableBiometric { session, modality } => self.disable(session, modality),
            Command::ChangePin { phone, session, current, new, again } => {
                self.change_pin(phone, session, current, [new, again])
            }
            Command::Acknowledge { token } => self.acknowledge(token),
            Command::LogOut { token } => {
                if let (person, Some(place)) = self.device_of(token) {
                    self.log_out(person, place, LogOutCause::Asked);
                }
                Ok(Answer::Done)
            }
            Command::ReportIntegrity { phone, token } => {
                let (person, place) = self.device_of(token);
                let _said_to_nobody = self.not_modified(person, place, self.phones[phone].integrity);
                Ok(Answer::Done)
            }
            Command::Status { token } => Ok(self.status(token)),
            Command::Check { phone, session, want } => {
                let (person, place) = self.use_app(phone, session, want)?;
                Ok(Answer::Granted { device: self.accounts[person].devices[place].name })
            }
            Command::OfferFunctions { phone, session, company } => {
                let (person, _) = self.use_app(phone, session, None)?;
                let ask = |function| Ask { browser: false, company, action: Action::Read, function };
                let (today, law) = (self.today, self.rules.law);
                let offered = |function: &&Function| self.people[person].offered(ask(**function), today, law);
                let offered: Functions = functions().iter().filter(offered).copied().collect();
                Ok(Answer::Functions(offered))
            }
            Command::ListDevices { session } => self.list(session),
            Command::LogOutDevice { session, device } => self.log_out_device(session, device),
            Command::LogOutEverywhere { session } => {
                let (person, place) = self.live(session)?;
                let device = self.accounts[person].devices[place].name;
                let voided = self.accounts[person].invitation.is_some();
                let generation = self.accounts[person].generation + 1;
                self.revoke(person, Happened::RevokedByPerson { device, generation, voided });
                Ok(Answer::Done)
            }
            other => self.obey_browser(other),
        }
    }

    fn create_pin(&mut self, phone: usize, token: usize, first: &'static str, second: &str) -> Outcome {
        let (person, place) = self.raising(token, self.phones[phone].integrity)?;
        let State::PinPending { since } = self.accounts[person].devices[place].state else {
            return Err(match self.accounts[person].devices[place].state {
                State::Exhausted => Code::PinExhausted,
                _ => Code::AlreadyEnrolled,
            });
        };
        acceptable(first, second)?;
        if !self.hasher {
            return Err(Code::Unavailable);
        }
        self.command.hashes += 1;
        let keys = Keys { pin: first, failures: 0, unsettled: 0, face: None, finger: None };
        Ok(self.open(phone, (person, place), keys, since, Change::PinCreated))
    }

    fn open(
        &mut self,
        phone: usize,
        (person, place): (usize, usize),
        keys: Keys,
        since: u64,
        change: Change,
    ) -> Answer {
        let at = self.moment_or_latest(person);
        self.session_tokens.push(person);
        let session = self.session_tokens.len() - 1;
        let device = self.device(person, place);
        device.state = State::Open { keys, session, since, last_use: at };
        device.last_used = at;
        self.change(person, place, change);
        self.phones[phone].session = session;
        Answer::Session(session)
    }

    fn lock(&mut self, token: usize) -> Outcome {
        let (person, place) = self.device_of(token);
        self.command.aimed_at = person;
        let place = place.ok_or(Code::AuthenticationRequired)?;
        self.let_windows_pass(person, place)?;
        match self.accounts[person].devices[place].state.clone() {
            State::Open { keys, since, .. } => {
                self.device(person, place).state = State::Locked { keys, since };
                self.change(person, place, Change::Locked(LockCause::Asked));
                Ok(Answer::Done)
            }
            State::Locked { .. } => Ok(Answer::Done),
            State::PinPending { .. } => Err(Code::PinRequired),
            State::Exhausted => Err(Code::PinExhausted),
            State::Revoked => Err(Code::ReinvitationRequired),
        }
    }

    fn must_be_locked(&mut self, token: usize, phone: usize) -> Result<(usize, usize, u64), Code> {
        let (person, place) = self.raising(token, self.phones[phone].integrity)?;
        match self.accounts[person].devices[place].state {
            State::Locked { since, .. } => Ok((person, place, since)),
            State::PinPending { .. } => Err(Code::PinRequired),
            State::Open { .. } => Err(Code::NotLocked),
            State::Exhausted => Err(Code::PinExhausted),
            State::Revoked => Err(Code::ReinvitationRequired),
        }
    }

    fn unlock(&mut self, phone: usize, token: usize, pin: &str) -> Outcome {
        let (person, place, since) = self.must_be_locked(token, phone)?;
        self.guess(person, place, pin)?;
        let keys = self.keys(person, place).clone();
        Ok(self.open(phone, (person, place), keys, since, Change::UnlockedByPin))
    }

    /// R27, D05, E28.
    fn unlock_biometric(
        &mut self,
        phone: usize,
        token: usize,
        modality: Modality,
        recognised: bool,
        faces: Option<u8>,
    ) -> Outcome {
        let (person, place, since) = self.must_be_locked(token, phone)?;
        let slot = slot(self.keys(person, place), modality);
        let enabled = slot.ok_or(Code::BiometricUnavailable)?;
        if faces != Some(enabled) {
            *slot = None;
            self.change(person, place, Change::BiometricBaselineChanged(modality));
            return Err(Code::BiometricUnavailable);
        }
        if !recognised {
            return Err(Code::BiometricRejected);
        }
        let keys = self.keys(person, place).clone();
        Ok(self.open(phone, (person, place), keys, since, Change::UnlockedByBiometric(modality)))
    }

    fn enable(&mut self, phone: usize, session: usize, modality: Modality) -> Outcome {
        let (integrity, faces) = (self.phones[phone].integrity, self.phones[phone].faces);
        let (person, place) = self.raising_in_session(session, integrity)?;
        let slot = slot(self.keys(person, place), modality);
        if slot.replace(faces) != Some(faces) {
            self.change(person, place, Change::BiometricEnabled(modality));
        }
        Ok(Answer::Done)
    }

    fn disable(&mut self, session: usize, modality: Modality) -> Outcome {
        let (person, place) = self.live(session)?;
        if slot(self.keys(person, place), modality).take().is_some() {
            self.change(person, place, Change::BiometricDisabled(modality));
        }
        Ok(Answer::Done)
    }

    /// E29.
    fn change_pin(&mut self, phone: usize, session: usize, current: &str, new: [&'static str; 2]) -> Outcome {
        let (person, place) = self.raising_in_session(session, self.phones[phone].integrity)?;
        acceptable(new[0], new[1])?;
        if current == new[0] {
            return Err(Code::PinUnchanged);
        }
        self.guess(person, place, current)?;
        self.command.hashes += 1;
        self.keys(person, place).pin = new[0];
        self.change(person, place, Change::PinChanged);
        Ok(Answer::Done)
    }

    fn acknowledge(&mut self, token: usize) -> Outcome {
        let (person, place) = self.device_of(token);
        self.command.aimed_at = person;
        let place = place.ok_or(Code::NothingToAcknowledge)?;
        if self.accounts[person].devices[place].state != State::Exhausted {
            return Err(Code::NothingToAcknowledge);
        }
        self.change(person, place, Change::Acknowledged);
        self.accounts[person].devices.remove(place);
        Ok(Answer::Done)
    }

    fn status(&mut self, token: usize) -> Answer {
        let (person, place) = self.device_of(token);
        let here = place.filter(|place| self.let_windows_pass(person, *place).is_ok());
        let state = here.map(|place| self.accounts[person].devices[place].name_of_state());
        Answer::State(state.unwrap_or(SessionState::LoggedOut))
    }

    fn use_app(&mut self, phone: usize, session: usize, want: Option<Want>) -> Result<(usize, usize), Code> {
        let (person, place) = self.device_in_session(session);
        self.command.aimed_at = person;
        let place = place.ok_or(Code::SessionRequired)?;
        self.not_modified(person, Some(place), self.phones[phone].integrity)?;
        let windows = self.rules.idle.is_some() || self.rules.lifetime.is_some();
        if self.now.is_none() && windows {
            return Err(Code::ClockUnavailable);
        }
        self.let_windows_pass(person, place)?;
        self.must_be_open(person, place)?;
        self.eligible(person, Some(place))?;
        if let Some(Want { company, action, function, owner }) = want {
            let ask = Ask { browser: false, company, action, function };
            let (own, other) = (owner == person, Some(&self.people[owner]));
            self.people[person].may(ask, own, other, self.today, self.rules.law)?;
        }
        self.note_use(person, place);
        Ok((person, place))
    }

    /// D22: the last use is written down at most once per tenth of the idle window. A clock that is
    /// not believed is reported each time; where there is no room for that, nothing is written.
    fn note_use(&mut self, person: usize, place: usize) {
        let (Some(idle), Some(at)) = (self.rules.idle, self.moment(person)) else { return };
        let disbelieved = self.command.moments[person].1 > 0;
        if disbelieved && self.room_in_trail(person).is_err() {
            return;
        }
        let State::Open { last_use, .. } = &mut self.device(person, place).state else { return };
        if at.saturating_sub(*last_use) >= idle / 10 {
            *last_use = at;
            self.write_time(person);
            self.command.use_noted = true;
        }
    }

    fn list(&mut self, session: usize) -> Outcome {
        let (person, place) = self.live(session)?;
        let this = self.accounts[person].devices[place].name;
        let names: Vec<usize> = self.accounts[person].devices.iter().map(|device| device.name).collect();
        for name in names {
            if let Some(place) = self.accounts[person].devices.iter().position(|device| device.name == name) {
                let _gone_or_not = self.let_windows_pass(person, place);
            }
        }
        let line = |device: &Device| (device.name, device.name_of_state(), device.name == this);
        Ok(Answer::Devices(self.accounts[person].devices.iter().map(line).collect()))
    }

    fn log_out_device(&mut self, session: usize, device: usize) -> Outcome {
        let (person, place) = self.live(session)?;
        let devices = &self.accounts[person].devices;
        let other = devices.iter().position(|known| known.name == device).ok_or(Code::UnknownDevice)?;
        let asked = if other == place { LogOutCause::Asked } else { LogOutCause::FromAnotherDevice };
        self.log_out(person, other, asked);
        Ok(Answer::Done)
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
