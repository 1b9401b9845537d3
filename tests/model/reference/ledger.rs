//! Guesses: charged, then compared, then answered, or not (D04, D05, D24, D25, D27, E38, I12).

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::Change;

use super::{Model, State};

/// What a person remembers of a PIN, and what the device has counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) pin: &'static str,
    pub(crate) failures: usize,
    pub(crate) in_flight: Vec<Charge>,
    /// Guesses since the last accepted PIN that were never answered.
    pub(crate) void: usize,
    /// Requests answered "wrong", and when.
    pub(crate) answered: Vec<(u8, u64)>,
    pub(crate) changed_by: Option<u8>,
    pub(crate) face: Option<u8>,
    pub(crate) finger: Option<u8>,
}

/// What was charged and has no verdict yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Charge {
    pub(crate) guess: usize,
    pub(crate) at: u64,
    pub(crate) request: Option<u8>,
    pub(crate) overtaken: bool,
}

const REMEMBERED: usize = 5;
/// So many, and something is wrong with the way to the host.
const WORN_OUT: usize = 10;

impl Keys {
    pub(crate) const fn new(pin: &'static str) -> Self {
        Self {
            pin,
            failures: 0,
            in_flight: Vec::new(),
            void: 0,
            answered: Vec::new(),
            changed_by: None,
            face: None,
            finger: None,
        }
    }

    pub(crate) fn overtake(&mut self) {
        self.in_flight.iter_mut().for_each(|charge| charge.overtaken = true);
    }

    pub(crate) const fn is_worn_out(&self) -> bool {
        self.void >= WORN_OUT
    }

    /// The right PIN: settled failures go, what is in flight stays charged and is overtaken.
    pub(crate) fn accept(&mut self, guess: usize) {
        self.in_flight.retain(|charge| charge.guess != guess);
        (self.failures, self.void) = (0, 0);
        self.overtake();
    }

    /// A wrong PIN, told.
    pub(crate) fn count(&mut self, guess: usize, now: u64) {
        let known = self.in_flight.iter().find(|charge| charge.guess == guess).copied();
        self.in_flight.retain(|charge| charge.guess != guess);
        self.failures += 1;
        if let Some(request) = known.and_then(|charge| charge.request) {
            self.answered.push((request, now));
            let surplus = self.answered.len().saturating_sub(REMEMBERED);
            self.answered.drain(..surplus);
        }
    }
}

/// For what a PIN is entered.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum For {
    Unlocking,
    /// By another one.
    Changing,
}

impl Model {
    /// D27: what was asked before under the same id. `true` if it is done already.
    pub(super) fn asked_before(
        &self,
        (person, place): (usize, usize),
        request: Option<u8>,
        what: For,
    ) -> Result<bool, Code> {
        let keys = self.accounts[person].devices[place].read_keys().expect("a PIN");
        let Some(request) = request else { return Ok(false) };
        if what == For::Changing && keys.changed_by == Some(request) {
            return Ok(true);
        }
        if keys.answered.iter().any(|(answered, _)| *answered == request) {
            return Err(Code::IncorrectPin);
        }
        // An overtaken guess is not remembered: the same again is another one (D27).
        if keys.in_flight.iter().any(|charge| !charge.overtaken && charge.request == Some(request)) {
            return Err(Code::GuessesInFlight);
        }
        Ok(false)
    }

    /// One guess is paid for. Answers with its number.
    pub(super) fn charge(
        &mut self,
        (person, place): (usize, usize),
        request: Option<u8>,
    ) -> Result<usize, Code> {
        let (limit, at, guess) = (self.rules.limit, self.passed(person), self.guesses);
        let (before, repeats) = (self.charged_before, self.draw_repeats);
        let device = self.device(person, place);
        let failures = device.read_keys().map_or(0, |keys| keys.failures);
        let charges = device.charges().expect("a PIN, or one to be");
        if charges.iter().any(|charge| Some(charge.guess) == before) {
            return Err(Code::Unavailable);
        }
        if failures + charges.len() >= limit {
            return Err(Code::GuessesInFlight);
        }
        // After the places: what repeats may be void, and then the ledger cannot tell (E39).
        if repeats {
            return Err(Code::Unavailable);
        }
        charges.push(Charge { guess, at, request, overtaken: false });
        self.guesses += 1;
        self.write(person);
        Ok(guess)
    }

    /// R12, R13, D05: one guess, from its charge to its verdict. A new PIN is hashed besides, whether the guess
    /// is right or wrong, so that the time taken does not tell (D25).
    pub(super) fn guess(
        &mut self,
        (person, place): (usize, usize),
        pin: &str,
        request: Option<u8>,
        what: For,
    ) -> Result<(), Code> {
        if pin.len() != self.device(person, place).keys().pin.len() {
            return Err(Code::PinMalformed);
        }
        let guess = self.charge((person, place), request)?;
        if !self.hasher {
            return Err(Code::Unavailable);
        }
        self.command.hashes += if what == For::Changing { 2 } else { 1 };
        let right = self.device(person, place).keys().pin == pin;
        self.verdict((person, place), guess, right)
    }

    /// The verdict on a guess that may be answered.
    pub(super) fn verdict(
        &mut self,
        (person, place): (usize, usize),
        guess: usize,
        right: bool,
    ) -> Result<(), Code> {
        let (limit, now) = (self.rules.limit, self.passed(person));
        self.write(person);
        let keys = self.device(person, place).keys();
        if right {
            keys.accept(guess);
            return Ok(());
        }
        keys.count(guess, now);
        let failures = keys.failures;
        self.command.counted = true;
        if failures >= limit {
            // R14: PIN and biometric go in the same step.
            self.device(person, place).state = State::Exhausted;
            self.change(person, place, Change::PinExhausted);
            return Err(Code::PinExhausted);
        }
        let failures = u8::try_from(failures).expect("few");
        self.change(person, place, Change::PinRejected { failures });
        Err(Code::IncorrectPin)
    }
}
