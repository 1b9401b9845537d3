//! The invariants I01–I13 on the real system, told without the model's account of the sessions.

use std::collections::HashMap;

use pinlatch::account::{DeviceIntegrity, Event};
use pinlatch::gate::GateError;
use pinlatch::id::DeviceId;
use pinlatch::session::SessionState::{self, Authenticated, Locked, PinExhausted, PinPending, RevokedAll};

use crate::commands::{Command, Want};
use crate::facts::functions;
use crate::observed::Seen;
use crate::people::Rights;
use crate::real::Real;
use crate::reference::{Answer, Model};

type Outcome = Result<Answer, GateError>;

/// I01, I02 of one account at rest, and that nothing on it is of a later generation.
pub(crate) fn at_rest(seen: &Seen) -> Result<(), String> {
    for device in &seen.devices {
        let may_have_pin = matches!(device.state, Authenticated | Locked);
        if device.keys.is_some() != may_have_pin {
            return Err(format!("I01, I02: {:?} with keys {:?}", device.state, device.keys));
        }
        if let Some(keys) = device.keys
            && (keys.failures > 4 || keys.failures + keys.in_flight > 5)
        {
            return Err(format!("I01: {keys:?}"));
        }
        if device.generation > seen.generation {
            return Err("I08: a device from the future".into());
        }
    }
    Ok(())
}

/// I03, I04, I05, I07, I08: how one account may move by one command.
pub(crate) fn moved(
    before: &Seen,
    after: &Seen,
    command: Command,
    model: &Model,
    person: usize,
) -> Result<(), String> {
    if after.generation < before.generation {
        return Err("I08: the generation fell".into());
    }
    let accepted = before.invitation.is_some() && after.invitation.is_none();
    if before.revoked && !after.revoked && !accepted && !model.rules.invited_only {
        return Err("I05: the bar was lifted without an invitation".into());
    }
    for device in &after.devices {
        let from = before.device(device.id).map(|device| device.state);
        let to = device.state;
        if from == Some(to) {
            continue;
        }
        if !may_move(from, to, command) {
            return Err(format!("I04, I05, I07: from {from:?} to {to:?}"));
        }
        if matches!(to, Authenticated | PinPending) {
            entered(device.generation, after, command, model, person)?;
        }
    }
    let erased = |id: DeviceId| after.device(id).is_none();
    let revoked = before.devices.iter().filter(|device| device.state == RevokedAll);
    let is_erased = matches!(command, Command::Erase { .. });
    if revoked.clone().any(|device| erased(device.id)) && before.revoked && after.revoked && !is_erased {
        return Err("E03: a revoked device was forgotten".into());
    }
    Ok(())
}

fn may_move(from: Option<SessionState>, to: SessionState, command: Command) -> bool {
    match (from, to) {
        (None | Some(RevokedAll | Authenticated | Locked), PinPending) => {
            matches!(command, Command::Authenticate(_))
        }
        (Some(PinPending), Authenticated) => matches!(command, Command::CreatePin { .. }),
        (Some(Locked), Authenticated) => {
            matches!(command, Command::Unlock { .. } | Command::UnlockBiometric { .. })
        }
        (Some(Authenticated), Locked) => true,
        (Some(Authenticated | Locked), PinExhausted) => {
            matches!(command, Command::Unlock { .. } | Command::ChangePin { .. })
        }
        (Some(from), RevokedAll) => from != RevokedAll,
        _ => false,
    }
}

/// I03: on entry the device is unmodified, the generation current, the person eligible.
fn entered(
    generation: u64,
    after: &Seen,
    command: Command,
    model: &Model,
    person: usize,
) -> Result<(), String> {
    let (Command::Authenticate(crate::commands::SignIn { phone, .. })
    | Command::CreatePin { phone, .. }
    | Command::Unlock { phone, .. }
    | Command::UnlockBiometric { phone, .. }) = command
    else {
        return Err("I04: raised by what raises nothing".into());
    };
    let eligible = model.people[person].may_use_app(model.today, model.rules.law);
    let current = generation == after.generation && !after.revoked;
    if model.phones[phone].integrity != DeviceIntegrity::Unmodified || !current || eligible.is_err() {
        return Err(format!("I03: entered with {eligible:?}, current: {current}"));
    }
    Ok(())
}

/// I09, I10: what was granted or offered lies within the services, and reaches no other person
/// but by a profile of the host.
pub(crate) fn granted(command: Command, outcome: &Outcome, model: &Model) -> Result<(), String> {
    let served =
        |person: usize, company, function| model.people[person].served(company, function, model.today);
    match (command, outcome) {
        (Command::OfferFunctions { session, company, .. }, Ok(Answer::Functions(offered))) => {
            let person = model.session_tokens[session];
            let functions = functions();
            let mut outside = functions.iter().filter(|function| offered.contains(**function));
            let access = model.people[person].access(company, model.today);
            let is_manager = access.map(|access| access.rights) == Some(Rights::Manager);
            if outside.any(|function| !served(person, company, *function) && !is_manager) {
                return Err(format!("I09: offered {offered:?}"));
            }
        }
        (Command::Check { session, want: Some(want), .. }, Ok(_)) => {
            let Want { company, function, owner, .. } = want;
            let person = model.session_tokens[session];
            if !served(owner, company, function) {
                return Err(format!("I09: granted {want:?}"));
            }
            let access = model.people[person].access(company, model.today);
            if owner != person && access.map(|access| access.rights) != Some(Rights::Manager) {
                return Err(format!("I10: granted {want:?}"));
            }
        }
        _ => {}
    }
    Ok(())
}

/// I12, counted at the hasher: comparisons per device token since the last accepted PIN.
#[derive(Debug, Default)]
pub(crate) struct Comparisons {
    compared: HashMap<usize, u64>,
    /// By which device token each session was opened.
    opened_by: HashMap<usize, usize>,
}

impl Comparisons {
    pub(crate) fn count(&mut self, command: Command, outcome: &Outcome, hashed: u64) -> Result<(), String> {
        let token = match command {
            Command::Unlock { token, .. }
            | Command::CreatePin { token, .. }
            | Command::UnlockBiometric { token, .. } => Some(token),
            Command::ChangePin { session, .. } => self.opened_by.get(&session).copied(),
            _ => None,
        };
        let Some(token) = token else {
            return if hashed == 0 {
                Ok(())
            } else {
                Err(format!("I12: {hashed} hashes of no device's PIN"))
            };
        };
        if let Ok(Answer::Session(session)) = outcome {
            self.opened_by.insert(*session, token);
        }
        let so_far = self.compared.entry(token).or_default();
        let compared = if matches!(command, Command::CreatePin { .. }) { 0 } else { hashed.min(1) };
        *so_far += compared;
        if *so_far > 5 {
            return Err(format!("I12: {so_far} comparisons on one device"));
        }
        if hashed > compared + 1 {
            return Err(format!("I12: {hashed} hashes by one command"));
        }
        if outcome.is_ok() && hashed > 0 {
            *so_far = 0;
        }
        Ok(())
    }
}

/// I13: what is shown of an answer and of the new events.
pub(crate) fn shown(real: &Real, outcome: &Outcome, events: &[Event]) -> Result<(), String> {
    let clock = |event: &&Event| event.device.is_some();
    for event in events.iter().filter(clock) {
        silent(real, &format!("{:?}", event.change))?;
    }
    match outcome {
        Err(error) => silent(real, &format!("{error:?} {error}")),
        Ok(_) => Ok(()),
    }
}

/// I13 of everything at the end of a life: the account, the tokens, the gate, the stored bytes.
pub(crate) fn silent_in_the_end(real: &Real, seen: &[Seen]) -> Result<(), String> {
    for (person, seen) in real.people.iter().zip(seen) {
        if let Some(account) = real.world.account(*person) {
            silent(real, &without_times(&format!("{account:?}")))?;
        }
        let stored: String = seen.bytes().iter().map(|byte| char::from(*byte)).collect();
        silent(real, &stored)?;
    }
    silent(real, &format!("{:?} {:?}", real.device_tokens, real.session_tokens))
}

fn silent(real: &Real, text: &str) -> Result<(), String> {
    if real.gives_away(text) { Err(format!("I13: {text}")) } else { Ok(()) }
}

/// Instants have many digits, and by chance those of a PIN among them.
fn without_times(text: &str) -> String {
    ["Timestamp(", "Moment("].into_iter().fold(text.to_owned(), |text, instant| {
        let mut parts = text.split(instant);
        let first = parts.next().unwrap_or_default().to_owned();
        parts.fold(first, |kept, part| {
            let number = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            // Nothing shorter is a time of today; it might be a PIN.
            kept + if number >= 12 { part.get(number..).unwrap_or_default() } else { part }
        })
    })
}
