//! The guards, in their order: integrity, generation and standing, eligibility, credential.

use pinlatch::account::DeviceIntegrity;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause};

use super::{Model, State};

/// Whose device, and its place.
pub(super) type Found = (usize, usize);

impl Model {
    /// A device that wants to raise privilege, by its device token.
    pub(super) fn raising(&mut self, token: usize, integrity: DeviceIntegrity) -> Result<Found, Code> {
        let (person, place) = self.device_of(token);
        self.command.aimed_at = person;
        self.guards(person, place, integrity, Code::AuthenticationRequired)
    }

    /// The same by a live session token.
    pub(super) fn raising_in_session(
        &mut self,
        session: usize,
        integrity: DeviceIntegrity,
    ) -> Result<Found, Code> {
        let (person, place) = self.device_in_session(session);
        self.command.aimed_at = person;
        let (person, place) = self.guards(person, place, integrity, Code::SessionRequired)?;
        self.must_be_open(person, place)
    }

    fn guards(
        &mut self,
        person: usize,
        place: Option<usize>,
        integrity: DeviceIntegrity,
        unknown: Code,
    ) -> Result<Found, Code> {
        self.not_modified(person, place, integrity)?;
        let place = place.ok_or(unknown)?;
        if integrity == DeviceIntegrity::Unknown {
            return Err(Code::DeviceIntegrityUnknown);
        }
        self.let_windows_pass(person, place)?;
        if self.accounts[person].devices[place].state == State::Revoked {
            return Err(Code::ReinvitationRequired);
        }
        self.eligible(person, Some(place))?;
        self.room_in_trail(person)?;
        self.moment(person).ok_or(Code::ClockUnavailable)?;
        Ok((person, place))
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

    /// E11, D22: judged at the next contact; the outer window first.
    pub(super) fn let_windows_pass(&mut self, person: usize, place: usize) -> Result<(), Code> {
        let Some(at) = self.moment(person) else { return Ok(()) };
        let over =
            |since: u64, window: Option<u64>| window.is_some_and(|window| at.saturating_sub(since) >= window);
        let rules = self.rules;
        let state = self.accounts[person].devices[place].state.clone();
        match state {
            State::PinPending { since } if over(since, Some(rules.pin_window)) => {
                self.log_out(person, place, LogOutCause::PinWindowPassed);
                Err(Code::AuthenticationRequired)
            }
            State::Open { since, .. } | State::Locked { since, .. } if over(since, rules.lifetime) => {
                self.log_out(person, place, LogOutCause::LifetimePassed);
                Err(Code::AuthenticationRequired)
            }
            State::Open { keys, since, last_use, .. } if over(last_use, rules.idle) => {
                self.device(person, place).state = State::Locked { keys, since };
                self.change(person, place, Change::Locked(LockCause::Idle));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// E19, E22, E23: who stands nowhere any more loses the session; who lacks a service does not.
    pub(super) fn eligible(&mut self, person: usize, place: Option<usize>) -> Result<(), Code> {
        let human = &self.people[person];
        let refused = human.may_use_app(self.today, self.rules.law);
        let stands = human.stands(self.today, self.rules.law);
        if let (Err(_), Some(place), false) = (refused, place, stands) {
            self.log_out(person, place, LogOutCause::NoLongerEligible);
        }
        refused
    }

    /// With too many events waiting for a journal that takes nothing, nothing is raised.
    pub(super) fn room_in_trail(&self, person: usize) -> Result<(), Code> {
        let waiting = self.accounts[person].waiting;
        let waiting = if self.journal && waiting >= self.rules.outbox { 0 } else { waiting };
        if waiting >= self.rules.outbox { Err(Code::AuditTrailFull) } else { Ok(()) }
    }

    /// A live session for what lowers privilege or only looks.
    pub(super) fn live(&mut self, session: usize) -> Result<Found, Code> {
        let (person, place) = self.device_in_session(session);
        self.command.aimed_at = person;
        let place = place.ok_or(Code::SessionRequired)?;
        self.let_windows_pass(person, place)?;
        self.must_be_open(person, place)
    }

    pub(super) fn must_be_open(&mut self, person: usize, place: usize) -> Result<Found, Code> {
        match self.accounts[person].devices[place].state {
            State::Open { .. } => Ok((person, place)),
            _ => Err(Code::Locked),
        }
    }

    /// R12, R13, D05, I12: one guess, paid for. On success the count is back at what is unsettled.
    pub(super) fn guess(&mut self, person: usize, place: usize, pin: &str) -> Result<(), Code> {
        let (limit, hasher) = (self.rules.limit, self.hasher);
        let keys = self.keys(person, place);
        if pin.len() != keys.pin.len() {
            return Err(Code::PinMalformed);
        }
        if keys.failures + keys.unsettled >= limit {
            return self.exhaust(person, place);
        }
        self.written(person);
        let keys = self.keys(person, place);
        if !hasher {
            keys.unsettled += 1;
            return Err(Code::Unavailable);
        }
        if pin == keys.pin {
            keys.failures = 0;
            self.command.hashes += 1;
            return Ok(());
        }
        keys.failures += 1;
        let failures = keys.failures;
        self.command.hashes += 1;
        self.command.counted = true;
        if failures >= limit {
            return self.exhaust(person, place);
        }
        self.change(person, place, Change::PinRejected { failures });
        Err(Code::IncorrectPin)
    }

    /// R14: PIN and biometric go in the same step.
    fn exhaust(&mut self, person: usize, place: usize) -> Result<(), Code> {
        self.device(person, place).state = State::Exhausted;
        self.change(person, place, Change::PinExhausted);
        Err(Code::PinExhausted)
    }
}
