//! What to do next: mostly what a person would do in the state that the phone is in, so that deep
//! states are frequent; otherwise anything, with whatever token is at hand.

use pinlatch::account::DeviceIntegrity as Integrity;
use pinlatch::people::{Action, AuthenticationMethod as Method, Function, Role};
use pinlatch::session::Modality;

use crate::around::around;
use crate::commands::{
    Acting, Command, Dice, GOOD_PINS, ODD_PINS, RequestNumber, SignIn, WEAK_PINS, Want, Whom,
};
use crate::facts::custom_function;
use crate::people::{Human, PageChange, Period, Rights};
use crate::reference::{DAY, Keys, MINUTE, Model, State};
use crate::rights::{HOLIDAYS, MESSAGES};

const MODALITIES: [Modality; 2] = [Modality::Face, Modality::Fingerprint];

pub(crate) fn choose(model: &Model, number: u64) -> Vec<Command> {
    let mut chosen = choose_freely(model, number);
    for command in &mut chosen {
        match *command {
            // The page shows known people only.
            Command::Page { person, .. } if !model.people[person].known => {
                *command = Command::SetKnown { person, known: true };
            }
            // It would say nothing of them.
            Command::TryDeadTokens if !model.directory => *command = Command::SetDirectory { up: true },
            _ => {}
        }
    }
    chosen
}

fn choose_freely(model: &Model, number: u64) -> Vec<Command> {
    let mut dice = Dice(number);
    let phone = dice.pick(&[0, 0, 0, 0, 0, 1, 1, 2, 3, 4]);
    match dice.roll(16) {
        0..=10 => natural(model, phone, &mut dice),
        11 | 12 => in_app(model, phone, &mut dice),
        13..=14 => vec![in_browser(model, &mut dice)],
        _ => vec![around(model, phone, &mut dice)],
    }
}

/// Puts right what is in the way, or goes on from the state of the phone.
fn natural(model: &Model, phone: usize, dice: &mut Dice) -> Vec<Command> {
    let hand = &model.phones[phone];
    let human = &model.people[hand.owner];
    let eligible = human.may_use_app(model.today, model.rules.law).is_ok();
    if hand.integrity != Integrity::Unmodified && dice.once_in(2) {
        return vec![Command::TurnIntegrity { phone, integrity: Integrity::Unmodified }];
    }
    if model.now != Some(model.noon) && dice.once_in(3) {
        return vec![Command::PassTime(dice.pick(&[0, 1_000, MINUTE]))];
    }
    if !model.directory && dice.once_in(8) {
        return vec![Command::Reassess { person: hand.owner }];
    }
    if !model.directory && dice.once_in(2) {
        return vec![Command::SetDirectory { up: true }];
    }
    if !model.hasher && dice.once_in(4) {
        return vec![Command::SetHasher { up: true }];
    }
    if !model.journal && dice.once_in(30) {
        return vec![Command::Erase { person: hand.owner }];
    }
    if !model.journal && dice.once_in(12) {
        return vec![Command::SetJournal { up: true }];
    }
    if !human.known && dice.once_in(2) {
        return vec![Command::SetKnown { person: hand.owner, known: true }];
    }
    if !eligible && dice.once_in(2) {
        return vec![make_eligible(model, hand.owner, dice)];
    }
    let (person, place) = model.device_of(hand.token);
    let Some(place) = place else { return sign_in(model, phone, hand.owner, None, dice) };
    let token = hand.token;
    match &model.accounts[person].devices[place].state {
        State::Revoked => sign_in(model, phone, hand.owner, Some(token), dice),
        State::PinPending(_) if dice.once_in(12) => sign_in_again(model, phone, person, dice),
        State::PinPending(_) => {
            let pin = dice.pick(&GOOD_PINS);
            vec![Command::CreatePin { phone, token, first: pin, second: pin }]
        }
        State::Open(keys, _) | State::Locked(keys) if dice.once_in(24) => {
            unanswered(phone, token, keys, dice)
        }
        State::Open(keys, open) => when_open(model, phone, keys, open.session, dice),
        State::Locked(keys) => vec![when_locked(model, phone, keys, dice)],
        State::Exhausted => match dice.roll(4) {
            0 => vec![Command::Unlock { phone, token, pin: dice.pick(&GOOD_PINS), request: None }],
            1 if dice.once_in(3) => sign_in(model, phone, hand.owner, Some(token), dice),
            _ => vec![Command::Acknowledge { token }],
        },
    }
}

/// The evidence of the last sign-in once more, as after a lost reply.
fn sign_in_again(model: &Model, phone: usize, person: usize, dice: &mut Dice) -> Vec<Command> {
    let human = &model.people[person];
    let method = if human.bank { Method::BankCredentials } else { Method::IdentityProviderAccount };
    let Some(used) = model.accounts[person].starts.last() else { return Vec::new() };
    let known = dice.once_in(2).then_some(model.phones[phone].token);
    let request = if dice.once_in(4) { None } else { used.request };
    let sign_in = SignIn { phone, start: used.start, person, method, known, invitation: None, request };
    vec![Command::Authenticate(sign_in)]
}

/// Guesses that nobody answers, for want of a hasher; and some more after they are void.
fn unanswered(phone: usize, token: usize, keys: &Keys, dice: &mut Dice) -> Vec<Command> {
    let some = |dice: &mut Dice| -> Vec<Command> {
        let pin = dice.pick(&[keys.pin, "619408"]);
        let guess = |request| Command::Unlock { phone, token, pin, request };
        (0..dice.pick(&[1, 4, 5, 5])).map(|_| guess(any_request(dice))).collect()
    };
    let wait = dice.pick(&[MINUTE, 8 * MINUTE, 8 * MINUTE]);
    let mut commands = vec![Command::SetHasher { up: false }];
    commands.extend(some(dice));
    if dice.once_in(2) {
        commands.push(Command::PassTime(wait));
        commands.extend(some(dice));
    }
    commands.push(Command::SetHasher { up: true });
    if dice.once_in(2) {
        commands.push(Command::PassTime(wait));
    }
    commands
}

fn any_request(dice: &mut Dice) -> RequestNumber {
    dice.pick(&[None, None, None, Some(1), Some(2), Some(3)])
}

fn when_open(model: &Model, phone: usize, keys: &Keys, session: usize, dice: &mut Dice) -> Vec<Command> {
    let hand = &model.phones[phone];
    let modality = dice.pick(&MODALITIES);
    vec![match dice.roll(18) {
        0..=6 => Command::Lock { token: hand.token },
        7 | 8 => {
            let by_pin = dice.pick(&[None, None, Some(5 * MINUTE), Some(DAY)]);
            Command::Check { phone, session, want: Some(want(model, hand.owner, dice)), by_pin }
        }
        9 => Command::OfferFunctions { phone, session, company: dice.roll(2) },
        10..=12 => Command::EnableBiometric { phone, session, modality },
        13 => {
            let current = if dice.once_in(2) { keys.pin } else { dice.pick(&GOOD_PINS) };
            let new = dice.pick(&GOOD_PINS);
            Command::ChangePin { phone, session, current, new, again: new, request: any_request(dice) }
        }
        14 if dice.once_in(2) => Command::LogOutEverywhere { session },
        14 => Command::PassTime(dice.pick(&[MINUTE, 11 * MINUTE, DAY])),
        // The token was lost.
        15 => when_locked(model, phone, keys, dice),
        16 => Command::Check { phone, session, want: None, by_pin: None },
        _ => return in_app(model, phone, dice),
    }]
}

fn when_locked(model: &Model, phone: usize, keys: &Keys, dice: &mut Dice) -> Command {
    let hand = &model.phones[phone];
    let (token, faces) = (hand.token, Some(hand.faces));
    // Who has mistyped goes on mistyping, so that the fifth time is not rare.
    let mistyped = keys.failures + keys.in_flight.len();
    let enabled = MODALITIES.into_iter().zip([keys.face, keys.finger]).find(|(_, faces)| faces.is_some());
    match (dice.roll(16 + 24 * mistyped).saturating_sub(24 * mistyped), enabled) {
        (7..=11, _) => Command::Unlock { phone, token, pin: keys.pin, request: any_request(dice) },
        (12.., Some((modality, _))) => {
            Command::UnlockBiometric { phone, token, modality, recognised: !dice.once_in(4), faces }
        }
        _ => {
            let pin = dice.pick(&["619408", "705293"]);
            Command::Unlock { phone, token, pin, request: any_request(dice) }
        }
    }
}

/// With the open invitation if one is needed; if none is open, by having one made.
fn sign_in(
    model: &Model,
    phone: usize,
    person: usize,
    known: Option<usize>,
    dice: &mut Dice,
) -> Vec<Command> {
    let (account, human) = (&model.accounts[person], &model.people[person]);
    let needed = account.revoked || (!human.bank && !account.signed_in);
    let invitation = account.invitation.map(|open| open.number);
    if needed && (invitation.is_none() || dice.once_in(8)) && !dice.once_in(4) {
        return vec![Command::Invite { by: administrator(model, person, dice), person }];
    }
    let method = if human.bank { Method::BankCredentials } else { Method::IdentityProviderAccount };
    let request = any_request(dice);
    let sign_in = SignIn { phone, start: 0, person, method, known, invitation, request };
    let mut commands = begun(model, sign_in, dice);
    if dice.once_in(16) {
        // The bank takes its time.
        commands.insert(1, Command::PassTime(dice.pick(&[MINUTE, 4 * MINUTE, 20 * MINUTE])));
    }
    commands
}

/// Begins the authentication, too: for whomever the phone can show.
fn begun(model: &Model, sign_in: SignIn, dice: &mut Dice) -> Vec<Command> {
    let start = model.starts.len();
    let whom = match (sign_in.known, sign_in.invitation) {
        (_, Some(number)) if !dice.once_in(4) => Whom::Invitation(number),
        (Some(token), _) if !dice.once_in(3) => Whom::Device(token),
        _ => Whom::Nobody,
    };
    vec![Command::Begin { whom }, Command::Authenticate(SignIn { start, ..sign_in })]
}

/// One who may act for this person, if there is one.
pub(crate) fn administrator(model: &Model, person: usize, dice: &mut Dice) -> Acting {
    let first = dice.roll(model.people.len());
    let everybody = (first..model.people.len()).chain(0..first);
    let acting = everybody.flat_map(|person| [0, 1].map(|company| Acting { person, company }));
    let belongs = |company| model.people[person].belongs_to(company, model.today);
    let mut may = acting.filter(|by| model.administers(*by).is_ok() && belongs(by.company));
    may.next().unwrap_or(Acting { person: model.people.len() - 1, company: 0 })
}

fn make_eligible(model: &Model, person: usize, dice: &mut Dice) -> Command {
    let human: &Human = &model.people[person];
    let by = administrator(model, person, dice);
    let travel = dice.once_in(2);
    let employed = human.jobs.iter().any(|job| job.company == by.company && job.period.first <= model.today);
    let change = if employed && dice.once_in(2) {
        PageChange::OpenService { travel }
    } else {
        PageChange::Hire { period: Period::since(model.today), travel, salaries: !travel || dice.once_in(2) }
    };
    Command::Page { by, person, change }
}

fn want(model: &Model, owner: usize, dice: &mut Dice) -> Want {
    let owner = if dice.once_in(3) { dice.roll(model.people.len()) } else { owner };
    let function = dice.pick(&[
        Function::ALL[0],
        Function::ALL[1],
        Function::ALL[2],
        Function::ALL[0],
        Function::ALL[3],
        custom_function(HOLIDAYS),
        custom_function(MESSAGES),
    ]);
    Want { company: usize::from(dice.once_in(5)), action: dice.pick(Action::ALL), function, owner }
}

/// Any command of the app in whatever state, with the phone's tokens or somebody's old ones.
fn in_app(model: &Model, phone: usize, dice: &mut Dice) -> Vec<Command> {
    let hand = &model.phones[phone];
    let kind = dice.roll(22);
    let (stale, stale_session) = (dice.once_in(5), dice.once_in(5));
    let token = if stale { dice.roll(model.device_tokens.len()) } else { hand.token };
    let session = if stale_session { dice.roll(model.session_tokens.len()) } else { hand.session };
    let modality = dice.pick(&MODALITIES);
    let pin = any_pin(dice);
    let again = if dice.once_in(3) { any_pin(dice) } else { pin };
    vec![match kind {
        0 | 1 => return any_sign_in(model, phone, token, dice),
        2 | 3 => Command::CreatePin { phone, token, first: pin, second: again },
        4 => Command::Lock { token },
        5 => Command::Unlock { phone, token, pin, request: any_request(dice) },
        6 | 7 => {
            let faces = dice.pick(&[Some(hand.faces), Some(hand.faces), None]);
            Command::UnlockBiometric { phone, token, modality, recognised: dice.once_in(2), faces }
        }
        8 => Command::EnableBiometric { phone, session, modality },
        9 => Command::DisableBiometric { session, modality },
        10 => {
            let new = any_pin(dice);
            Command::ChangePin {
                phone,
                session,
                current: pin,
                new,
                again: if again == pin { new } else { again },
                request: any_request(dice),
            }
        }
        11 => Command::Acknowledge { token },
        12 => Command::LogOut { token },
        13 => Command::ReportIntegrity { phone, token },
        14 => Command::View { token },
        15 => {
            let wanted = dice.once_in(2).then(|| want(model, hand.owner, dice));
            let by_pin = dice.pick(&[None, None, Some(MINUTE)]);
            Command::Check { phone, session, want: wanted, by_pin }
        }
        16 => Command::OfferFunctions { phone, session, company: dice.roll(2) },
        17 => Command::ListDevices { phone, session },
        18 => Command::LogOutDevice { session, device: dice.roll(model.names + 1) },
        19 => {
            let label = dice.pick(&["phone", "tablet"]);
            Command::Rename { phone, session, device: a_device(model, hand.owner, dice), label }
        }
        20 => Command::View { token },
        _ => Command::LogOutEverywhere { session },
    }]
}

/// One of this person's, or any.
fn a_device(model: &Model, person: usize, dice: &mut Dice) -> usize {
    let devices = &model.accounts[person].devices;
    let any = dice.roll(model.names + 1);
    if devices.is_empty() || dice.once_in(4) { any } else { devices[dice.roll(devices.len())].name }
}

fn any_pin(dice: &mut Dice) -> &'static str {
    match dice.roll(8) {
        0..=5 => dice.pick(&GOOD_PINS),
        6 => dice.pick(&WEAK_PINS),
        _ => dice.pick(&ODD_PINS),
    }
}

/// By whatever method, begun now or long ago, for whomever, with whatever invitation.
fn any_sign_in(model: &Model, phone: usize, token: usize, dice: &mut Dice) -> Vec<Command> {
    let person = if dice.once_in(4) { dice.roll(model.people.len()) } else { model.phones[phone].owner };
    let method = dice.pick(Method::ALL);
    let open = model.accounts[person].invitation.map(|open| open.number);
    let any = dice.roll(model.invitations.len());
    let invitation = dice.pick(&[open, open, None, Some(any)]);
    let known = dice.once_in(2).then_some(token);
    let request = any_request(dice);
    let sign_in = SignIn { phone, start: 0, person, method, known, invitation, request };
    if model.starts.is_empty() {
        return begun(model, sign_in, dice);
    }
    let start = if dice.once_in(2) { model.starts.len() - 1 } else { dice.roll(model.starts.len()) };
    match dice.roll(6) {
        0 => vec![Command::FailAuthentication { start, cancelled: dice.once_in(2) }],
        1 | 2 => vec![Command::Authenticate(SignIn { start, ..sign_in })],
        _ => begun(model, sign_in, dice),
    }
}

fn in_browser(model: &Model, dice: &mut Dice) -> Command {
    let person = dice.pick(&[0, 0, 0, 1, 2, model.people.len() - 1]);
    let anybody = Acting { person: dice.roll(model.people.len()), company: dice.roll(2) };
    let by = if dice.once_in(3) { anybody } else { administrator(model, person, dice) };
    match dice.roll(15) {
        12 => Command::Overview { by, person },
        13 | 14 => Command::LogOutDeviceOf { by, person, device: a_device(model, person, dice) },
        0 => Command::AskBrowser { person },
        1 | 2 => Command::Invite { by, person },
        3 => Command::Withdraw { by, person },
        4 | 5 => Command::RevokeAll { by, person },
        _ => Command::Page { by, person, change: page_change(model, dice) },
    }
}

fn page_change(model: &Model, dice: &mut Dice) -> PageChange {
    let days = dice.pick(&[0, 1, 10]);
    let day = model.today.plus(days);
    let travel = dice.once_in(2);
    let role = dice.pick(Role::ALL);
    let period = Period { first: day, last: dice.pick(&[None, Some(day.plus(20))]) };
    match dice.roll(10) {
        0 | 1 => PageChange::EstablishUser(period),
        2 => PageChange::EndUserAccess(day),
        3 => PageChange::SetProfile(dice.pick(&[Rights::Employee, Rights::Manager, Rights::Nothing])),
        4 => PageChange::GrantRole(role),
        5 => PageChange::RevokeRole(role),
        6 => PageChange::OpenService { travel },
        7 => PageChange::CloseService { travel },
        8 => PageChange::Hire { period, travel, salaries: dice.once_in(2) },
        _ => PageChange::EndEmployment(day),
    }
}
