//! The typed road gives the answers of the commands by token, whatever another host did in between, and writes and
//! tells the same.

mod held;

use pinlatch::account::{BeginFor, DeviceLabel, RequestContext, StrongAuthentication};
use pinlatch::gate::{AnyDevice, BlockingGate, GateError, NotDone};
use pinlatch::host::Host;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::pin::PersonalWords;
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{ACME, PIN, Phone, UNMODIFIED, WRONG_PIN, World};

use crate::given::*;

/// A command that a device token may give.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Told {
    Authenticate,
    CreatePin,
    UnlockRight,
    UnlockWrong,
    UnlockModified,
    UnlockByFace,
    Lock,
    Acknowledge,
    LogOut,
}

use Told::{
    Acknowledge, Authenticate, CreatePin, Lock, LogOut, UnlockByFace, UnlockModified, UnlockRight,
    UnlockWrong,
};

/// What a handle in this state can be told, by the table: the cells that lead somewhere, or change nothing.
const fn commands(state: SessionState) -> &'static [Told] {
    match state {
        SessionState::LoggedOut | SessionState::RevokedAll => &[Authenticate, LogOut],
        SessionState::PinPending => &[Authenticate, CreatePin, LogOut],
        SessionState::Authenticated | SessionState::Locked => {
            &[Authenticate, UnlockRight, UnlockWrong, UnlockModified, UnlockByFace, Lock, LogOut]
        }
        SessionState::PinExhausted => &[Acknowledge, LogOut],
    }
}

const MODIFIED: RequestContext = RequestContext::new(pinlatch::account::DeviceIntegrity::Modified);

fn label() -> DeviceLabel {
    DeviceLabel::new("phone").unwrap()
}

fn face() -> BiometricAssertion {
    let baseline = Some(Baseline::of(b"the owner's face"));
    BiometricAssertion { modality: Modality::Face, recognised: true, baseline }
}

fn evidence(gate: BlockingGate<'_, impl Host>, phone: &Phone<'_>) -> StrongAuthentication {
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    StrongAuthentication::verified_by_host(start, phone.owner, BankCredentials)
}

/// By token: the answer, and the state of the device after it.
fn by_token(world: &World, phone: &Phone<'_>, told: Told) -> (Result<(), Code>, SessionState) {
    let (gate, token) = (world.gate.blocking(), device_of(phone));
    let words = PersonalWords::none();
    let mut after = device_of(phone);
    let answer = match told {
        Authenticate => {
            let (evidence, label) = (evidence(gate, phone), label());
            let sign_in =
                pinlatch::account::SignIn { evidence, label, known: Some(&token), invitation: None };
            gate.authenticate(sign_in, &UNMODIFIED).map(|signed_in| after = signed_in.token)
        }
        CreatePin => gate.create_pin(&token, &entries(PIN), &words, &UNMODIFIED).map(drop),
        UnlockRight => gate.unlock_with_pin(&token, &digits(PIN), &UNMODIFIED).map(drop),
        UnlockWrong => gate.unlock_with_pin(&token, &digits(WRONG_PIN), &UNMODIFIED).map(drop),
        UnlockModified => gate.unlock_with_pin(&token, &digits(PIN), &MODIFIED).map(drop),
        UnlockByFace => gate.unlock_with_biometric(&token, &face(), &UNMODIFIED).map(drop),
        Lock => gate.lock(&token, &UNMODIFIED),
        Acknowledge => gate.acknowledge(&token, &UNMODIFIED),
        LogOut => gate.log_out(&token, &UNMODIFIED),
    };
    (code(answer), gate.device_view(&after, &UNMODIFIED).unwrap().state)
}

/// By handle, got before `between` happened: the answer, and the state of the handle that came back.
fn by_handle(
    world: &World,
    phone: &Phone<'_>,
    told: Told,
    between: impl FnOnce(),
) -> (Result<(), Code>, SessionState) {
    let gate = world.gate.blocking();
    let device = gate.device(&device_of(phone), &UNMODIFIED).unwrap();
    between();
    let words = PersonalWords::none();
    macro_rules! tell {
        ($device:ident, $state:ident, $command:ident($($argument:expr),*)) => {
            match gate.at_once($device.$command($($argument),*)) {
                Ok(_) => (Ok(()), SessionState::$state),
                Err(not_done) => refused(not_done),
            }
        };
    }
    macro_rules! authenticate {
        ($device:ident) => {
            tell!($device, PinPending, authenticate(evidence(gate, phone), label(), None, &UNMODIFIED))
        };
    }
    macro_rules! unlock {
        ($device:ident, $told:expr) => {
            match $told {
                UnlockByFace => {
                    tell!($device, Authenticated, unlock_with_biometric(&face(), &UNMODIFIED))
                }
                UnlockModified => tell!($device, Authenticated, unlock_with_pin(&digits(PIN), &MODIFIED)),
                UnlockWrong => {
                    tell!($device, Authenticated, unlock_with_pin(&digits(WRONG_PIN), &UNMODIFIED))
                }
                _ => tell!($device, Authenticated, unlock_with_pin(&digits(PIN), &UNMODIFIED)),
            }
        };
    }
    if told == LogOut {
        let out = match device {
            AnyDevice::LoggedOut(device) => gate.at_once(device.log_out(&UNMODIFIED)),
            AnyDevice::PinPending(device) => gate.at_once(device.log_out(&UNMODIFIED)),
            AnyDevice::Authenticated(device) => gate.at_once(device.log_out(&UNMODIFIED)),
            AnyDevice::Locked(device) => gate.at_once(device.log_out(&UNMODIFIED)),
            AnyDevice::PinExhausted(device) => gate.at_once(device.log_out(&UNMODIFIED)),
            AnyDevice::RevokedAll(device) => gate.at_once(device.log_out(&UNMODIFIED)),
        };
        return out.map_or_else(refused, |device| (Ok(()), device.state()));
    }
    match (device, told) {
        (AnyDevice::LoggedOut(device), Authenticate) => authenticate!(device),
        (AnyDevice::PinPending(device), Authenticate) => authenticate!(device),
        (AnyDevice::Authenticated(device), Authenticate) => authenticate!(device),
        (AnyDevice::Locked(device), Authenticate) => authenticate!(device),
        (AnyDevice::RevokedAll(device), Authenticate) => authenticate!(device),
        (AnyDevice::PinPending(device), CreatePin) => {
            tell!(device, Authenticated, create_pin(&entries(PIN), &words, &UNMODIFIED))
        }
        (AnyDevice::Authenticated(device), Lock) => tell!(device, Locked, lock(&UNMODIFIED)),
        (AnyDevice::Locked(device), Lock) => tell!(device, Locked, lock(&UNMODIFIED)),
        (AnyDevice::PinExhausted(device), Acknowledge) => tell!(device, LoggedOut, acknowledge(&UNMODIFIED)),
        (AnyDevice::Authenticated(device), told) => unlock!(device, told),
        (AnyDevice::Locked(device), told) => unlock!(device, told),
        (device, told) => panic!("{told:?} is no command of {device:?}"),
    }
}

fn refused(not_done: NotDone<'_, impl Host>) -> (Result<(), Code>, SessionState) {
    let code = not_done.error.code();
    (Err(code), not_done.into_device().expect("no part of the host failed").state())
}

/// What another host may have done to the account since the handle was got.
type Between = (&'static str, fn(&World, &Phone<'_>));

const BETWEEN: [Between; 10] = [
    ("nothing", |_, _| {}),
    ("lock", |world, phone| done(world.gate.blocking().lock(&device_of(phone), &UNMODIFIED))),
    ("opened anew", |world, phone| {
        done(world.gate.blocking().unlock_with_pin(&device_of(phone), &digits(PIN), &UNMODIFIED).map(drop));
    }),
    ("PIN created", |world, phone| {
        let words = PersonalWords::none();
        let create = world.gate.blocking().create_pin(&device_of(phone), &entries(PIN), &words, &UNMODIFIED);
        done(create.map(drop));
    }),
    ("four wrong PINs", |world, phone| mistype(world, phone, 4)),
    ("five wrong PINs", |world, phone| mistype(world, phone, 5)),
    ("acknowledged", |world, phone| {
        done(world.gate.blocking().acknowledge(&device_of(phone), &UNMODIFIED));
    }),
    ("logged out", |world, phone| done(world.gate.blocking().log_out(&device_of(phone), &UNMODIFIED))),
    ("revoked", |world, phone| {
        let actor = world.administrator(ACME);
        done(world.gate.blocking().revoke_all(&actor.session(), ACME, phone.owner));
    }),
    ("another phone signed in", |world, phone| {
        let _there_or_barred = world.open_phone(phone.owner);
    }),
];

/// Whatever came of it: what another host tried is the same in both worlds.
fn done(_answer: Result<(), GateError>) {}

fn mistype(world: &World, phone: &Phone<'_>, times: usize) {
    for _ in 0..times {
        let wrong = digits(WRONG_PIN);
        done(world.gate.blocking().unlock_with_pin(&device_of(phone), &wrong, &UNMODIFIED).map(drop));
    }
}

fn face_enabled_phone_in(world: &World, state: SessionState) -> Phone<'_> {
    let phone = phone_in(world, state);
    if matches!(state, SessionState::Authenticated | SessionState::Locked) {
        let open =
            world.gate.blocking().unlock_with_pin(&device_of(&phone), &digits(PIN), &UNMODIFIED).unwrap();
        let baseline = Baseline::of(b"the owner's face");
        world.gate.blocking().enable_biometric(&open, Modality::Face, baseline, &UNMODIFIED).unwrap();
        if state == SessionState::Locked {
            phone.lock().unwrap();
        }
    }
    phone
}

fn told(world: &World, phone: &Phone<'_>) -> String {
    let (changes, refusals) = (world.journal.changes(phone.owner), world.journal.refusals(phone.owner));
    format!("{changes:?} {refusals:?}")
}

#[test]
fn a_handle_that_another_host_has_overtaken_answers_by_the_table_from_the_present_state() {
    let mut tried = 0;
    for state in SessionState::ALL {
        for command in commands(state) {
            for (name, between) in BETWEEN {
                let what = format!("{command:?} in {state} after {name}");
                let flat = World::new();
                let phone = face_enabled_phone_in(&flat, state);
                between(&flat, &phone);
                let expected = (by_token(&flat, &phone, *command), told(&flat, &phone));

                let typed = World::new();
                let phone = face_enabled_phone_in(&typed, state);
                let answer = by_handle(&typed, &phone, *command, || between(&typed, &phone));
                assert_eq!((answer, told(&typed, &phone)), expected, "{what}");
                tried += 1;
            }
        }
    }
    assert_eq!(tried, 230);
}
