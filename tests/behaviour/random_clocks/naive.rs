//! The rule once more, naively: T and L as D23 has them, and windows on T. Written from the rule.

use std::collections::VecDeque;

use pinlatch::session::SessionState;

use super::{AUTHENTICATION, IDLE, INVITATION, LIFETIME, PIN_WINDOW, SKEW, whole};

/// The years 2000 to 9999 in milliseconds.
const READINGS: std::ops::Range<u64> = 946_684_800_000..253_402_300_800_000;

/// T and a reading at one instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) t: u128,
    pub(super) reading: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phone {
    Out,
    Pending { begun: u128 },
    Open { begun: u128, opened: At, used: At },
    Locked { begun: u128 },
}

/// When a start was begun: for nobody, by the clock; named, on the timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Start {
    ForNobody { reading: u64 },
    Named { t: u128 },
}

#[derive(Clone, Debug)]
pub(super) struct Naive {
    pub(super) t: u128,
    pub(super) l: u64,
    floor: u64,
    pub(super) phone: Phone,
    pub(super) invited_until: Option<u128>,
    /// Numbers of used starts, and when they were begun.
    used: VecDeque<(usize, Start)>,
    forgotten: Option<u128>,
    /// What the last contact found and has to write.
    pub(super) found: bool,
}

impl Naive {
    pub(super) const fn new() -> Self {
        let (t, l, floor) = (0, 0, 0);
        let (phone, invited_until) = (Phone::Out, None);
        Self { t, l, floor, phone, invited_until, used: VecDeque::new(), forgotten: None, found: false }
    }

    pub(super) fn is_reading(reading: Option<u64>) -> Option<u64> {
        reading.filter(|reading| READINGS.contains(reading))
    }

    /// What a contact makes of the reading: time passes, or the clock was set back.
    pub(super) fn arrive(&mut self, reading: Option<u64>) {
        self.found = false;
        let Some(r) = Self::is_reading(reading) else { return };
        if r >= self.l {
            self.t += u128::from(r - self.l);
            self.l = r;
        } else if r < self.l - whole(SKEW).min(self.l) {
            (self.l, self.floor, self.found) = (r, r, true);
            let latest = r + whole(SKEW);
            if let Phone::Open { begun, opened, used } = self.phone
                && (opened.reading > latest || used.reading > latest)
            {
                self.phone = Phone::Locked { begun };
            }
        }
    }

    /// The windows of the phone that have passed.
    pub(super) fn pass_windows(&mut self) {
        let over = |since: u128, window| self.t - since >= u128::from(whole(window));
        let passed = match self.phone {
            Phone::Pending { begun } => over(begun, PIN_WINDOW).then_some(Phone::Out),
            Phone::Locked { begun } | Phone::Open { begun, .. } if over(begun, LIFETIME) => Some(Phone::Out),
            Phone::Open { begun, used, .. } => over(used.t, IDLE).then_some(Phone::Locked { begun }),
            Phone::Out | Phone::Locked { .. } => None,
        };
        if let Some(passed) = passed {
            (self.phone, self.found) = (passed, true);
        }
    }

    pub(super) fn now(&self, reading: u64) -> At {
        At { t: self.t, reading }
    }

    /// Whether evidence of this start signs in, and if it does, that it is used up.
    pub(super) fn use_start(&mut self, number: usize, start: Start) -> bool {
        let window = whole(AUTHENTICATION);
        let is_good = match start {
            Start::ForNobody { reading: s } => {
                self.floor + whole(SKEW) < s
                    && s <= self.l + whole(SKEW)
                    && self.l.saturating_sub(s) < window + whole(SKEW)
            }
            Start::Named { t } => {
                self.t.saturating_sub(t) < u128::from(window)
                    && t <= self.t + u128::from(whole(SKEW))
                    && self.forgotten.is_none_or(|forgotten| t > forgotten)
            }
        };
        if !is_good || self.used.iter().any(|(used, _)| *used == number) {
            return false;
        }
        self.used.push_back((number, start));
        if self.used.len() > 8 {
            match self.used.pop_front().unwrap().1 {
                Start::ForNobody { reading } => self.floor = self.floor.max(reading.min(self.l)),
                Start::Named { t } => self.forgotten = self.forgotten.max(Some(t)),
            }
        }
        self.phone = Phone::Pending { begun: self.t };
        true
    }

    pub(super) fn is_invited(&self) -> bool {
        self.invited_until.is_some_and(|until| self.t < until)
    }

    pub(super) fn invite(&mut self) {
        self.invited_until = Some(self.t + u128::from(whole(INVITATION)));
    }

    pub(super) const fn state(&self) -> SessionState {
        match self.phone {
            Phone::Out => SessionState::LoggedOut,
            Phone::Pending { .. } => SessionState::PinPending,
            Phone::Open { .. } => SessionState::Authenticated,
            Phone::Locked { .. } => SessionState::Locked,
        }
    }
}
