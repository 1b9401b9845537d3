//! The guards, in their order: integrity, generation and standing, eligibility, credential.

use pinlatch::account::DeviceIntegrity;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::LogOutCause;

use super::{Model, State};

/// Whose device, and its place.
pub(super) type Found = (usize, usize);

impl Model {
    /// A device that wants to raise privilege, by its device token.
    pub(super) fn raising(&mut self, token: usize, integrity: DeviceIntegrity) -> Result<Found, Code> {
        let person = self.device_tokens[token];
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        self.hand_over_if_full(person);
        self.arrive(person);
        let place = self.device_of(token).1;
        self.not_modified(person, place, integrity)?;
        let place = place.ok_or(Code::AuthenticationRequired)?;
        self.guards(person, place, integrity)
    }

    /// The same by a live session token.
    pub(super) fn raising_in_session(
        &mut self,
        session: usize,
        integrity: DeviceIntegrity,
    ) -> Result<Found, Code> {
        let person = self.session_tokens[session];
        self.command.aimed_at = Some(person);
        self.ask_directory()?;
        self.hand_over_if_full(person);
        self.arrive(person);
        let place = self.device_in_session(session).1;
        self.not_modified(person, place, integrity)?;
        let place = place.ok_or(Code::SessionRequired)?;
        let (person, place) = self.guards(person, place, integrity)?;
        self.must_be_open(person, place)
    }

    /// Of a device that has proved itself.
    pub(super) fn guards(
        &mut self,
        person: usize,
        place: usize,
        integrity: DeviceIntegrity,
    ) -> Result<Found, Code> {
        self.not_modified(person, Some(place), integrity)?;
        if integrity == DeviceIntegrity::Unknown {
            return Err(Code::DeviceIntegrityUnknown);
        }
        self.let_windows_pass(person, place)?;
        self.not_revoked(person, place).map_err(|code| {
            // Whom the bar does not bind is told to authenticate (D13).
            let account = &self.accounts[person];
            if self.rules.invited_only && !account.admitted { Code::AuthenticationRequired } else { code }
        })?;
        let name = self.accounts[person].devices[place].name;
        self.eligible(person)?;
        let place = self.place_of(person, name).ok_or(Code::AuthenticationRequired)?;
        self.room_in_trail(person)?;
        self.clock()?;
        Ok((person, place))
    }

    /// E12, E35: a revoked device is told to be re-invited while the bar stands, then to authenticate.
    pub(super) fn not_revoked(&self, person: usize, place: usize) -> Result<(), Code> {
        match (&self.accounts[person].devices[place].state, self.accounts[person].revoked) {
            (State::Revoked, true) => Err(Code::ReinvitationRequired),
            (State::Revoked, false) => Err(Code::AuthenticationRequired),
            _ => Ok(()),
        }
    }

    /// R03, R04, E14.
    pub(super) fn not_modified(
        &mut self,
        person: usize,
        place: Option<usize>,
        integrity: DeviceIntegrity,
    ) -> Result<(), Code> {
        if integrity != DeviceIntegrity::Modified {
            return Ok(());
        }
        if let Some(place) = place {
            self.log_out(person, place, LogOutCause::DeviceModified);
        }
        Err(Code::UnsupportedDevice)
    }

    /// E19, E22, E23: who stands nowhere any more, or did not stand on a day since, loses the sessions, on
    /// every device at once; who lacks a service does not.
    pub(super) fn eligible(&mut self, person: usize) -> Result<(), Code> {
        self.end_absent(person);
        self.people[person].may_use_app(self.today, self.rules.law)
    }

    pub(super) fn end_absent(&mut self, person: usize) {
        let (today, law) = (self.today, self.rules.law);
        for place in (0..self.accounts[person].devices.len()).rev() {
            let device = &self.accounts[person].devices[place];
            let is_signed_in = !matches!(device.state, State::Exhausted | State::Revoked);
            let human = &self.people[person];
            let had_gap = is_signed_in && human.had_gap(device.begun_on, today, law);
            if !human.stands(today, law) || had_gap {
                self.log_out(person, place, LogOutCause::NoLongerEligible);
            }
        }
    }

    /// The one case in which a command hands over before it does anything: there would be no room (E36).
    pub(super) fn hand_over_if_full(&mut self, person: usize) {
        let account = &mut self.accounts[person];
        if self.journal && account.waiting >= self.rules.outbox {
            account.set_back_waiting = None;
        }
    }

    /// With too many events waiting for a journal that takes nothing, nothing is raised (E36).
    pub(super) fn room_in_trail(&mut self, person: usize) -> Result<(), Code> {
        if self.accounts[person].waiting < self.rules.outbox || self.journal {
            return Ok(());
        }
        Err(Code::AuditTrailFull)
    }

    /// A live session for what lowers privilege or only looks.
    pub(super) fn live(&mut self, session: usize) -> Result<Found, Code> {
        let person = self.session_tokens[session];
        self.command.aimed_at = Some(person);
        self.arrive(person);
        let place = self.device_in_session(session).1.ok_or(Code::SessionRequired)?;
        self.let_windows_pass(person, place)?;
        self.must_be_open(person, place)
    }

    pub(super) fn must_be_open(&mut self, person: usize, place: usize) -> Result<Found, Code> {
        match self.accounts[person].devices[place].state {
            State::Open(..) => Ok((person, place)),
            _ => Err(Code::Locked),
        }
    }
}
