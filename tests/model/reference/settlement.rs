//! The second of the two steps of a guess: what was charged is answered, or not any more, in whatever state the
//! device is by then (D24, D25, E38).

use pinlatch::account::DeviceIntegrity;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Change, OpenedBy};

use super::app::Outcome;
use super::{Answer, Expected, Keys, Model, State};

/// What was charged, and for what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settling {
    pub(crate) person: usize,
    pub(crate) device: usize,
    /// The device token that the command showed.
    pub(crate) token: Option<usize>,
    pub(crate) guess: usize,
    pub(crate) phone: usize,
    pub(crate) purpose: Purpose,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Create { pin: &'static str },
    Unlock { entered: &'static str },
    Change { entered: &'static str, new: &'static str, request: Option<u8> },
}

impl Model {
    pub(crate) fn settle(&mut self, settling: Settling) -> Expected {
        let before = self.accounts.clone();
        self.command.written = vec![false; self.accounts.len()];
        self.hand_over_if_full(settling.person);
        self.arrive(settling.person);
        let integrity = self.phones[settling.phone].integrity;
        let outcome = match settling.purpose {
            Purpose::Create { pin } => self.create(settling, pin, integrity),
            Purpose::Unlock { entered } | Purpose::Change { entered, .. } => {
                self.answer(settling, entered, integrity)
            }
        };
        self.finish(before, outcome)
    }

    fn create(&mut self, settling: Settling, pin: &'static str, integrity: DeviceIntegrity) -> Outcome {
        let Settling { person, token, guess, phone, .. } = settling;
        let place = token.and_then(|token| self.device_of(token).1);
        self.not_modified(person, place, integrity)?;
        let (person, place) = self.guards(person, place.ok_or(Code::AuthenticationRequired)?, integrity)?;
        self.waits_for_pin(person, place)?;
        if self.in_flight((person, place), guess).is_none() {
            return Err(Code::GuessOvertaken);
        }
        Ok(self.open(phone, (person, place), Keys::new(pin), OpenedBy::Pin, Change::PinCreated))
    }

    /// Overtaken first, then the guards once more, for right and wrong alike, then the guess.
    fn answer(&mut self, settling: Settling, entered: &str, integrity: DeviceIntegrity) -> Outcome {
        let Settling { person, device, guess, phone, purpose, .. } = settling;
        let here = self.place_of(person, device).map(|place| (person, place));
        let here = here.ok_or(Code::GuessOvertaken)?;
        self.not_overtaken(here, guess)?;
        let here = self.guards(here.0, here.1, integrity)?;
        // A window that passed may have locked the open app.
        self.not_overtaken(here, guess)?;
        let right = self.device(here.0, here.1).keys().pin == entered;
        self.verdict(here, guess, right)?;
        let keys = self.device(here.0, here.1).keys();
        if let Purpose::Change { new, request, .. } = purpose {
            (keys.pin, keys.changed_by) = (new, request);
            self.change(here.0, here.1, Change::PinChanged);
            return Ok(Answer::Done);
        }
        let keys = keys.clone();
        Ok(self.open(phone, here, keys, OpenedBy::Pin, Change::UnlockedByPin))
    }

    /// What is overtaken gets no verdict: nothing is counted or remembered, and it is out of the ledger.
    fn not_overtaken(&mut self, here: (usize, usize), guess: usize) -> Result<(), Code> {
        match self.in_flight(here, guess) {
            Some(false) => return Ok(()),
            Some(true) => {
                let charges = self.device(here.0, here.1).charges().expect("in flight");
                charges.retain(|charge| charge.guess != guess);
                self.write(here.0);
            }
            None => {}
        }
        Err(Code::GuessOvertaken)
    }

    /// Whether a guess is in the ledger, and overtaken.
    fn in_flight(&self, (person, place): (usize, usize), guess: usize) -> Option<bool> {
        let charges = match &self.accounts[person].devices[place].state {
            State::PinPending(claims) => claims,
            State::Open(keys, _) | State::Locked(keys) => &keys.in_flight,
            State::Exhausted | State::Revoked => return None,
        };
        charges.iter().find(|charge| charge.guess == guess).map(|charge| charge.overtaken)
    }
}
