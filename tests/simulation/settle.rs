//! The second of the two steps of a guess, which the naive model takes in one: what was charged is
//! settled as right or wrong, in whatever state the device is by then.

use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::Change;

use crate::commands::Command;
use crate::errand::{Charged, Errand};
use crate::reference::{Answer, Happened, Keys, Model, State};

/// What comes of settling: the answer, the events, whether anything is written, and whether the PIN
/// was accepted.
pub(crate) struct Settled {
    pub(crate) outcome: Result<Answer, Code>,
    pub(crate) events: Vec<(usize, Happened)>,
    pub(crate) writes: bool,
    pub(crate) accepted: bool,
}

impl Settled {
    const fn overtaken(code: Code) -> Self {
        Self { outcome: Err(code), events: Vec::new(), writes: false, accepted: false }
    }
}

/// Settles on the model. `version` says how often the device's PIN has been changed by now.
pub(crate) fn settle(model: &mut Model, errand: &Errand, charged: Charged, version: u64) -> Settled {
    let Charged { person, device, generation, .. } = charged;
    let devices = &model.accounts[person].devices;
    let Some(place) = devices.iter().position(|known| known.name == device) else {
        return Settled::overtaken(Code::AuthenticationRequired);
    };
    match devices[place].state {
        State::Revoked => return Settled::overtaken(Code::ReinvitationRequired),
        State::Exhausted => return Settled::overtaken(Code::PinExhausted),
        State::PinPending { .. } => return Settled::overtaken(Code::AuthenticationRequired),
        State::Open { .. } | State::Locked { .. } => {}
    }
    if model.accounts[person].generation != generation {
        return Settled::overtaken(Code::AuthenticationRequired);
    }
    let entered = errand.guess().expect("a guess");
    let keys = keys(model, person, place);
    let right = charged.version == version && keys.pin == entered;
    if errand.settled {
        // By an earlier write of this very attempt, which the record no longer remembers.
        return Settled::overtaken(if right { Code::SessionRequired } else { Code::IncorrectPin });
    }
    keys.unsettled -= 1;
    let mut events = Vec::new();
    let outcome = if right {
        keys.failures = 0;
        accept(model, errand, (person, place), &mut events)
    } else {
        keys.failures += 1;
        let failures = keys.failures;
        let exhausted = failures >= model.rules.limit;
        if exhausted {
            model.accounts[person].devices[place].state = State::Exhausted;
        }
        let change = if exhausted { Change::PinExhausted } else { Change::PinRejected { failures } };
        note(model, person, Happened::Device(device, change), &mut events);
        Err(if exhausted { Code::PinExhausted } else { Code::IncorrectPin })
    };
    Settled { outcome, events, writes: true, accepted: right }
}

fn keys(model: &mut Model, person: usize, place: usize) -> &mut Keys {
    match &mut model.accounts[person].devices[place].state {
        State::Open { keys, .. } | State::Locked { keys, .. } => keys,
        other => panic!("no keys in {other:?}"),
    }
}

fn accept(
    model: &mut Model,
    errand: &Errand,
    (person, place): (usize, usize),
    events: &mut Vec<(usize, Happened)>,
) -> Result<Answer, Code> {
    let device = &mut model.accounts[person].devices[place];
    let name = device.name;
    match (errand.command, &mut device.state) {
        (Command::ChangePin { new, .. }, State::Open { keys, .. } | State::Locked { keys, .. }) => {
            keys.pin = new;
            note(model, person, Happened::Device(name, Change::PinChanged), events);
            Ok(Answer::Done)
        }
        // Refunded, and that is all.
        (_, State::Open { .. }) => Err(Code::NotLocked),
        (_, State::Locked { keys, since }) => {
            let (keys, since) = (keys.clone(), *since);
            model.session_tokens.push(person);
            let session = model.session_tokens.len() - 1;
            note(model, person, Happened::Device(name, Change::UnlockedByPin), events);
            let at = model.accounts[person].time.unwrap_or_default();
            let device = &mut model.accounts[person].devices[place];
            device.last_used = at;
            device.state = State::Open { keys, session, since, last_use: at };
            Ok(Answer::Session(session))
        }
        (command, state) => panic!("{command:?} in {state:?}"),
    }
}

/// The event, after the account's time has followed the clock as far as it believes it (E30).
fn note(model: &mut Model, person: usize, what: Happened, events: &mut Vec<(usize, Happened)>) {
    let account = &mut model.accounts[person];
    if let Some(now) = model.now {
        let latest = account.time.unwrap_or(now);
        let furthest = latest + model.rules.clock_jump;
        account.time = Some(now.clamp(latest, furthest));
        let disbelieved = now.saturating_sub(furthest);
        if disbelieved > 0 && account.time > Some(latest) {
            events.push((person, Happened::JumpBounded { disbelieved }));
        }
    }
    events.push((person, what));
}
