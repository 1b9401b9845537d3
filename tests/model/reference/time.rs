//! Elapsed time, and the windows that pass on it (D20, D22, D23, E11, E30).

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, LockCause, LogOutCause};

use super::{Happened, Model, Rules, State};

pub(crate) const MINUTE: u64 = 60_000;
pub(crate) const DAY: u64 = 24 * 60 * MINUTE;
pub(crate) const YEAR: u64 = 365 * DAY;

/// The beginnings of the years 2000 and 10000 in unix milliseconds.
const YEARS: std::ops::Range<u64> = 946_684_800_000..253_402_300_800_000;

/// An account's time: T has passed, L is the reading that it last followed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Time {
    pub(crate) passed: u64,
    pub(crate) base: u64,
    /// What was begun for nobody and read no later than this and the skew is void.
    pub(crate) floor: u64,
    /// To be raised by the next reading, since there was none.
    pub(crate) floor_waits: bool,
}

/// A reading outside the years 2000 to 9999 is none.
pub(crate) fn is_a_reading(now: u64) -> bool {
    YEARS.contains(&now)
}

impl Model {
    pub(crate) fn reading(&self) -> Option<u64> {
        self.now.filter(|now| is_a_reading(*now))
    }

    pub(super) fn clock(&self) -> Result<u64, Code> {
        self.reading().ok_or(Code::ClockUnavailable)
    }

    pub(crate) fn passed(&self, person: usize) -> u64 {
        self.accounts[person].time.passed
    }

    /// The first step of every command: time passes, and what was not answered in time is void.
    pub(super) fn arrive(&mut self, person: usize) {
        let Rules { skew, answer_window, .. } = self.rules;
        if let Some(reading) = self.reading() {
            if self.accounts[person].time.floor_waits {
                self.write(person);
            }
            let time = &mut self.accounts[person].time;
            let was_unknown = time.floor_waits;
            if std::mem::take(&mut time.floor_waits) {
                time.floor =
                    if reading >= time.base || time.base - reading > skew { reading } else { time.base };
            }
            if reading >= time.base {
                time.passed += reading - time.base;
                time.base = reading;
            } else if time.base - reading > skew {
                let by = time.base - reading;
                (time.base, time.floor) = (reading, reading);
                self.set_back(person, by);
            }
            if was_unknown {
                self.void_named_starts(person);
            }
        }
        let now = self.passed(person);
        for device in &mut self.accounts[person].devices {
            let charges = device.charges().map_or(0, |charges| {
                let before = charges.len();
                charges.retain(|charge| now - charge.at <= answer_window + skew);
                before - charges.len()
            });
            if let State::Open(keys, _) | State::Locked(keys) = &mut device.state {
                keys.void += charges;
                keys.answered.retain(|(_, at)| now - at <= answer_window);
            }
        }
    }

    /// Merged with one that still waits; an app that was opened or used later than it is now, by the clock,
    /// is locked.
    fn set_back(&mut self, person: usize, by: u64) {
        let (times, largest) = self.accounts[person].set_back_waiting.take().unwrap_or_default();
        self.note(person, Happened::SetBack { times: times + 1, largest: largest.max(by) });
        let latest = self.accounts[person].time.base + self.rules.skew;
        for place in 0..self.accounts[person].devices.len() {
            let State::Open(_, open) = &self.accounts[person].devices[place].state else { continue };
            if open.read > latest || open.used_read > latest {
                self.lock_device(person, place, LockCause::ClockSetBack);
            }
        }
    }

    /// What was asked of the open app is not answered in the locked one (D25).
    pub(super) fn lock_device(&mut self, person: usize, place: usize, cause: LockCause) {
        let device = self.device(person, place);
        let State::Open(mut keys, _) = device.state.clone() else { return };
        keys.overtake();
        device.state = State::Locked(keys);
        self.change(person, place, Change::Locked(cause));
    }

    /// E11, D22: judged at the next contact; the outer window first.
    pub(super) fn let_windows_pass(&mut self, person: usize, place: usize) -> Result<(), Code> {
        let now = self.passed(person);
        let over = |since: u64, window: Option<u64>| window.is_some_and(|window| now - since >= window);
        let rules = self.rules;
        let device = &self.accounts[person].devices[place];
        let (cause, since) = match &device.state {
            State::PinPending(_) => {
                (over(device.since, Some(rules.pin_window)).then_some(LogOutCause::PinWindowPassed), None)
            }
            State::Open(_, open) => (
                over(device.since, rules.lifetime).then_some(LogOutCause::LifetimePassed),
                Some(open.used_at),
            ),
            State::Locked(_) => {
                (over(device.since, rules.lifetime).then_some(LogOutCause::LifetimePassed), None)
            }
            State::Exhausted | State::Revoked => (None, None),
        };
        if let Some(cause) = cause {
            self.log_out(person, place, cause);
            return Err(Code::AuthenticationRequired);
        }
        if since.is_some_and(|used| over(used, rules.idle)) {
            self.lock_device(person, place, LockCause::Idle);
        }
        Ok(())
    }

    pub(super) fn let_all_windows_pass(&mut self, person: usize) {
        // The eldest first.
        let names: Vec<usize> = self.accounts[person].devices.iter().map(|device| device.name).collect();
        for name in names {
            let place = self.place_of(person, name).expect("those before it are gone, and not it");
            let _gone_or_not = self.let_windows_pass(person, place);
        }
    }
}
