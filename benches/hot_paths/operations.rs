//! The hot paths, each in one line: what it finds, and what it does.

use core::fmt;
use std::hint::black_box;

use pinlatch::access;
use pinlatch::account::{Account, Context, DeviceIntegrity, RequestContext, Wanted};
use pinlatch::id::{DeviceId, Generation};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::SessionToken;
use pinlatch::session::Session;
use sha2::block_api::compress256;
use sha2::{Digest as _, Sha256};

use super::scene::Scene;

/// The name of the operation that does nothing: what the harness itself costs.
pub const NOTHING: &str = "nothing: the harness alone";
/// The hash of the characters of a token that are hashed, by the function of the `sha2` crate.
pub const HASH: &str = "SHA-256 of a token's 51 bytes, alone";
/// The same without padding and buffering: what no check can do without.
pub const BLOCK: &str = "SHA-256 of one block, alone";
/// How many devices an account has, where that matters.
pub const SIZES: [usize; 4] = [1, 3, 16, 64];

/// One hot path. What it makes it also frees: both are part of its cost.
#[derive(Clone, Copy)]
pub struct Operation {
    /// Its name, without the number of devices.
    pub what: &'static str,
    devices: Option<usize>,
    given: fn(usize) -> Scene,
    run: fn(&Scene, &mut Account) -> bool,
    /// Whether it changes the account, so that it needs another one each time.
    pub changes: bool,
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.devices {
            None => f.write_str(self.what),
            Some(1) => write!(f, "{}, 1 device", self.what),
            Some(devices) => write!(f, "{}, {devices} devices", self.what),
        }
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Operation {
    /// What it finds. Building it takes far longer than the operation.
    pub fn scene(&self) -> Scene {
        (self.given)(self.devices.unwrap_or(1))
    }

    /// Does it, and tells whether it ended as it should.
    #[inline]
    pub fn run(&self, scene: &Scene, account: &mut Account) -> bool {
        (self.run)(black_box(scene), black_box(account))
    }
}

type Given = fn(usize) -> Scene;
type Run = fn(&Scene, &mut Account) -> bool;

/// What only looks.
const LOOKS: [(&str, Given, Run); 5] = [
    ("permission decision, one company", Scene::open, decide),
    ("permission decision, two companies", Scene::open_in_two_companies, decide),
    (HASH, Scene::open, |scene, _| {
        black_box(Sha256::digest(scene.hashed.as_slice()));
        true
    }),
    (BLOCK, Scene::open, |scene, _| {
        let mut state = [0x6a09_e667; 8];
        compress256(&mut state, &scene.block);
        black_box(state);
        true
    }),
    ("session token from text, alone", Scene::open, |scene, _| {
        black_box(SessionToken::parse(&scene.session_text)).is_ok()
    }),
];

/// What only looks, at an account of 1, 3, 16 and 64 devices.
const LOOKS_BY_SIZE: [(&str, Given, Run); 5] = [
    ("check from text, session wanted", Scene::open, |scene, account| {
        check(scene, account, Wanted::session())
    }),
    ("check from text, function wanted", Scene::open, |scene, account| {
        check(scene, account, Wanted::function(&scene.request))
    }),
    ("decode and check from text, session wanted", Scene::open, |scene, _| {
        let account = Account::decode(&scene.record, scene.person.id());
        account.is_ok_and(|mut account| check(scene, &mut account, Wanted::session()))
    }),
    ("decode", Scene::open, |scene, _| Account::decode(&scene.record, scene.person.id()).is_ok()),
    ("encode", Scene::open, |_, account| account.encode().is_ok()),
];

/// What changes the account in memory. Tokens have been read from their text, and so hashed, before.
/// A face is hashed here.
const CHANGES: [(&str, Given, Run); 14] = [
    ("typed session: new, then revoked", Scene::open, |_, _| typed_session()),
    ("authenticate", Scene::signed_out, |scene, account| scene.authenticate(account)),
    ("create PIN", Scene::pin_hashed, |scene, account| scene.create_pin(account)),
    ("lock", Scene::open, |scene, account| account.lock(&scene.device, &scene.context()).is_ok()),
    ("spend", Scene::locked, |scene, account| scene.charge(account).is_some()),
    ("settle right: unlock", Scene::compared_right, |scene, account| scene.settle(account).is_ok()),
    ("settle wrong", Scene::compared_wrong, |scene, account| {
        scene.settle(account) == Err(RefusalCode::IncorrectPin)
    }),
    ("settle wrong, the fifth: exhaust", Scene::compared_wrong_fifth, |scene, account| {
        scene.settle(account) == Err(RefusalCode::PinExhausted)
    }),
    ("unlock by face", Scene::locked_with_face, |scene, account| scene.unlock_by_face(account)),
    ("acknowledge", Scene::exhausted, |scene, account| {
        account.acknowledge(&scene.device, &scene.context()).is_ok()
    }),
    ("log out", Scene::open, log_out),
    ("log out, locked", Scene::locked, log_out),
    ("device turns modified", Scene::open, report_modified),
    ("invite", Scene::open, |scene, account| scene.invite(account)),
];

/// The same for accounts of 1, 3, 16 and 64 devices.
const CHANGES_BY_SIZE: [(&str, Given, Run); 2] = [
    ("log out from all devices", Scene::open, |scene, account| {
        account.log_out_everywhere(&scene.session, &scene.context()).is_ok()
    }),
    ("revoke all, by an administrator", Scene::open, |scene, account| {
        account.revoke_all(&scene.administrator, &scene.facts(), &scene.context()).is_ok()
    }),
];

/// Every hot path. The first does nothing: what the harness itself costs.
pub fn operations() -> Vec<Operation> {
    let alone = |changes| move |(what, given, run)| Operation { what, devices: None, given, run, changes };
    let sized = |changes| {
        move |(what, given, run)| {
            SIZES.map(|devices| Operation { what, devices: Some(devices), given, run, changes })
        }
    };
    let nothing = (NOTHING, Scene::open as Given, (|_, _| true) as Run);
    let mut all = vec![alone(false)(nothing)];
    all.extend(LOOKS.map(alone(false)));
    all.extend(LOOKS_BY_SIZE.into_iter().flat_map(sized(false)));
    all.extend(CHANGES.map(alone(true)));
    all.extend(CHANGES_BY_SIZE.into_iter().flat_map(sized(true)));
    all
}

fn decide(scene: &Scene, _account: &mut Account) -> bool {
    let (facts, context) = (scene.facts(), scene.context());
    let (app, policy) = (access::Channel::MobileApp, context.policy.access());
    access::decide(facts.person, app, &scene.request, facts.owner, facts.dates, policy).is_allowed()
}

/// What a request costs once its account is in memory: from the token's text to the grant.
fn check(scene: &Scene, account: &mut Account, wanted: Wanted<'_>) -> bool {
    let session = SessionToken::parse(&scene.session_text);
    session.is_ok_and(|session| account.check(&session, wanted, &scene.facts(), &scene.context()).is_ok())
}

fn report_modified(scene: &Scene, account: &mut Account) -> bool {
    let request = RequestContext::new(DeviceIntegrity::Modified);
    account.report_integrity(&scene.device, &Context { request, ..scene.context() });
    account.is_changed()
}

fn log_out(scene: &Scene, account: &mut Account) -> bool {
    account.log_out(&scene.device, &scene.context());
    account.is_changed()
}

/// The only transition of a typed session whose proof a host can make: no account, no token, no
/// event.
fn typed_session() -> bool {
    let session = Session::new(black_box(DeviceId::from_bytes([1; 16])), Generation::from_number(1));
    let _moved = black_box(session.revoke());
    true
}
