//! What to do next: mostly what a person would do in the state that the phone is in, so that deep
//! states are frequent; otherwise anything, with whatever token is at hand.

use pinlatch::account::DeviceIntegrity as Integrity;
use pinlatch::people::{Action, AuthenticationMethod as Method, Function, Role};
use pinlatch::session::Modality;

use crate::commands::{Acting, Command, Dice, GOOD_PINS, ODD_PINS, SignIn, WEAK_PINS, Want};
use crate::facts::custom_function;
use crate::people::{Human, PageChange, Period, Rights};
use crate::reference::{DAY, Keys, MINUTE, Model, State};
use crate::rights::{HOLIDAYS, MESSAGES};

const MODALITIES: [Modality; 2] = [Modality::Face, Modality::Fingerprint];

pub(crate) fn choose(model: &Model, number: u64) -> Vec<Command> {
    let mut chosen = choose_freely(model, number);
    for command in &mut chosen {
        // The page shows known people only.
        if let Command::Page { person, .. } = *command
            && !model.people[person].known
        {
            *command = Command::SetKnown { person, known: true };
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
    if model.now.is_none() && dice.once_in(2) {
        return vec![Command::SetClock(Some(model.noon + MINUTE))];
    }
    if !model.hasher && dice.once_in(6) {
        return vec![Command::SetHasher { up: true }];
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
        State::PinPending { .. } => {
            let pin = dice.pick(&GOOD_PINS);
            vec![Command::CreatePin { phone, token, first: pin, second: pin }]
        }
        State::Open { keys, session, .. } => vec![when_open(model, phone, keys, *session, dice)],
        State::Locked { keys, .. } => vec![when_locked(model, phone, keys, dice)],
        State::Exhausted => match dice.roll(4) {
            0 => vec![Command::Unlock { phone, token, pin: dice.pick(&GOOD_PINS) }],
            1 if dice.once_in(3) => sign_in(model, phone, hand.owner, Some(token), dice),
            _ => vec![Command::Acknowledge { token }],
        },
    }
}

fn when_open(model: &Model, phone: usize, keys: &Keys, session: usize, dice: &mut Dice) -> Command {
    let hand = &model.phones[phone];
    let modality = dice.pick(&MODALITIES);
    match dice.roll(16) {
        0..=6 => Command::Lock { token: hand.token },
        7 | 8 => Command::Check { phone, session, want: Some(want(model, hand.owner, dice)) },
        9 => Command::OfferFunctions { phone, session, company: dice.roll(2) },
        10..=12 => Command::EnableBiometric { phone, session, modality },
        13 => {
            let current = if dice.once_in(2) { keys.pin } else { dice.pick(&GOOD_PINS) };
            let new = dice.pick(&GOOD_PINS);
            Command::ChangePin { phone, session, current, new, again: new }
        }
        14 if dice.once_in(2) => Command::LogOutEverywhere { session },
        14 => Command::SetClock(model.now.map(|now| now + dice.pick(&[MINUTE, 11 * MINUTE, DAY]))),
        _ => in_app(model, phone, dice)[0],
    }
}

fn when_locked(model: &Model, phone: usize, keys: &Keys, dice: &mut Dice) -> Command {
    let hand = &model.phones[phone];
    let (token, faces) = (hand.token, Some(hand.faces));
    // Who has mistyped goes on mistyping, so that the fifth time is not rare.
    let mistyped = usize::from(keys.failures) + usize::from(keys.unsettled);
    let enabled = MODALITIES.into_iter().zip([keys.face, keys.finger]).find(|(_, faces)| faces.is_some());
    match (dice.roll(16 + 24 * mistyped).saturating_sub(24 * mistyped), enabled) {
        (7..=11, _) => Command::Unlock { phone, token, pin: keys.pin },
        (12.., Some((modality, _))) => {
            Command::UnlockBiometric { phone, token, modality, recognised: !dice.once_in(4), faces }
        }
        _ => Command::Unlock { phone, token, pin: dice.pick(&["619408", "705293"]) },
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
    let needed = account.revoked || (!human.bank && !account.admitted);
    let open = account.invitation.map(|open| open.number);
    if needed && (open.is_none() || dice.once_in(8)) && !dice.once_in(4) {
        return vec![Command::Invite { by: administrator(model, person, dice), person }];
    }
    let method = if human.bank { Method::BankCredentials } else { Method::IdentityProviderAccount };
    begun(model, person, SignIn { phone, start: 0, method, known, invitation: open })
}

/// Begins the authentication, too.
fn begun(model: &Model, person: usize, sign_in: SignIn) -> Vec<Command> {
    let start = model.starts.len();
    vec![Command::Begin { person }, Command::Authenticate(SignIn { start, ..sign_in })]
}

/// One who may act for this person, if there is one.
fn administrator(model: &Model, person: usize, dice: &mut Dice) -> Acting {
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
    let kind = dice.roll(20);
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
        5 => Command::Unlock { phone, token, pin },
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
            }
        }
        11 => Command::Acknowledge { token },
        12 => Command::LogOut { token },
        13 => Command::ReportIntegrity { phone, token },
        14 => Command::Status { token },
        15 => {
            let wanted = dice.once_in(2).then(|| want(model, hand.owner, dice));
            Command::Check { phone, session, want: wanted }
        }
        16 => Command::OfferFunctions { phone, session, company: dice.roll(2) },
        17 => Command::ListDevices { session },
        18 => Command::LogOutDevice { session, device: dice.roll(model.names + 1) },
        _ => Command::LogOutEverywhere { session },
    }]
}

fn any_pin(dice: &mut Dice) -> &'static str {
    match dice.roll(8) {
        0..=5 => dice.pick(&GOOD_PINS),
        6 => dice.pick(&WEAK_PINS),
        _ => dice.pick(&ODD_PINS),
    }
}

/// By whatever method, begun now or long ago, with whatever invitation.
fn any_sign_in(model: &Model, phone: usize, token: usize, dice: &mut Dice) -> Vec<Command> {
    let person = if dice.once_in(4) { dice.roll(model.people.len()) } else { model.phones[phone].owner };
    let method = dice.pick(Method::ALL);
    let open = model.accounts[person].invitation.map(|open| open.number);
    let any = dice.roll(model.invitations.len());
    let invitation = dice.pick(&[open, open, None, Some(any)]);
    let known = dice.once_in(2).then_some(token);
    let sign_in = SignIn { phone, start: 0, method, known, invitation };
    if model.starts.is_empty() {
        return begun(model, person, sign_in);
    }
    let start = dice.roll(model.starts.len());
    match dice.roll(6) {
        0 => vec![Command::FailAuthentication { start, cancelled: dice.once_in(2) }],
        1 | 2 => vec![Command::Authenticate(SignIn { start, ..sign_in })],
        _ => begun(model, person, sign_in),
    }
}

fn in_browser(model: &Model, dice: &mut Dice) -> Command {
    let person = dice.pick(&[0, 0, 0, 1, 2, model.people.len() - 1]);
    let anybody = Acting { person: dice.roll(model.people.len()), company: dice.roll(2) };
    let by = if dice.once_in(3) { anybody } else { administrator(model, person, dice) };
    match dice.roll(12) {
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

/// What happens around everybody: devices, calendar, clock, the host's parts.
fn around(model: &Model, phone: usize, dice: &mut Dice) -> Command {
    match dice.roll(16) {
        0 | 1 => {
            let integrity = dice.pick(&[Integrity::Modified, Integrity::Unknown, Integrity::Unmodified]);
            Command::TurnIntegrity { phone, integrity }
        }
        2 => Command::NewFaces { phone },
        3 => Command::PassDays(dice.pick(&[1, 2, 9, 30])),
        4..=7 => {
            let forward =
                dice.pick(&[MINUTE, 5 * MINUTE, 16 * MINUTE, DAY / 24, DAY + MINUTE, 40 * DAY, 1_200 * DAY]);
            Command::SetClock(Some(model.noon + forward))
        }
        8 => Command::SetClock(Some(model.noon - dice.pick(&[MINUTE, DAY]))),
        9 => Command::SetClock(None),
        10 => Command::SetJournal { up: false },
        11 => Command::SetHasher { up: dice.once_in(2) },
        12 => Command::SetKnown { person: model.phones[phone].owner, known: dice.once_in(2) },
        13 => Command::TryDeadTokens,
        _ => Command::Restart,
    }
}
