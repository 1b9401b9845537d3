//! The check of a session, on records with one thing wrong.

use pinlatch::account::{Account, Context, Facts, Grant, Policy, WRITES_REMEMBERED, Wanted};
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::RefusalCode as Code;
use pinlatch::secret::SessionToken;
use pinlatch::session::Modality;
use pinlatch::time::Timestamp;
use pinlatch_testkit::{UNMODIFIED, World, days, hours};

use crate::given::record_bytes::{self, Charged, HEADER_BYTES, Head, State};

/// Three devices: open, locked, open with a fingerprint; an idle window and a lifetime.
struct Scene {
    world: World,
    owner: PersonId,
    tokens: [SessionToken; 2],
    person: Person,
    dates: LocalDates,
}

impl Scene {
    fn new() -> Self {
        let windows = Policy::builder().idle_lock(hours(1)).absolute_lifetime(days(2));
        let world = World::builder().policy(windows.build().unwrap()).build();
        let owner = world.employee();
        let [first, second, third] = [(); 3].map(|()| world.open_phone(owner).unwrap());
        second.lock().unwrap();
        third.enable(Modality::Fingerprint).unwrap();
        let tokens = [first.session, third.session]
            .map(|token| SessionToken::parse(token.as_ref().unwrap().expose()).unwrap());
        let (person, dates) = (world.directory.get(owner).unwrap(), world.directory.today());
        Self { world, owner, tokens, person, dates }
    }

    fn bytes(&self) -> Vec<u8> {
        self.world.store.bytes(&Key::account(self.owner)).unwrap()
    }

    fn now(&self) -> Timestamp {
        self.world.account(self.owner).unwrap().device_sessions()[0].created()
    }

    fn context(&self) -> Context<'_> {
        Context { now: Some(self.now()), policy: self.world.gate.policy(), request: UNMODIFIED }
    }

    /// The record after a change past every check, with its checksum put right.
    fn edited(&self, change: impl FnOnce(&mut Head)) -> Vec<u8> {
        let before = self.bytes();
        record_bytes::edit(&self.world, self.owner, change);
        let after = self.bytes();
        self.world.store.overwrite(&Key::account(self.owner), Some(before));
        after
    }

    fn check(&self, bytes: &[u8], token: usize) -> Option<Grant> {
        self.check_as(&self.person, bytes, token)
    }

    fn check_as(&self, person: &Person, bytes: &[u8], token: usize) -> Option<Grant> {
        let mut account = Account::decode(bytes, self.owner).ok()?;
        let facts = Facts { person: Some(person), owner: None, dates: &self.dates };
        account.check(&self.tokens[token], Wanted::session(), &facts, &self.context()).ok()
    }
}

#[test]
fn e32_a_record_that_contradicts_itself_grants_nothing() {
    let scene = Scene::new();
    let granted = |change: fn(&mut Head)| scene.check(&scene.edited(change), 0).is_some();
    assert!(granted(|_| {}));
    assert!(!granted(|head| head.devices[2].id = head.devices[0].id));
    assert!(!granted(|head| head.devices[2].token = head.devices[1].token));
    assert!(!granted(|head| head.devices[0].generation += 1));
    assert!(!granted(|head| head.devices[1].label = String::new()));
    assert!(!granted(|head| head.devices[1].label = "a\u{85}b".into()));
    assert!(granted(|head| head.devices[1].label = "Keittiö".into()));
    assert!(!granted(|head| head.revoked_all = true));
    assert!(!granted(|head| if let State::Authenticated { enrolment, .. } = &mut head.devices[0].session {
        enrolment.failures = 5;
    }));
}

#[test]
fn e12_an_open_row_of_an_older_generation_is_no_session() {
    let scene = Scene::new();
    let older = scene.edited(|head| head.generation += 1);
    let mut account = Account::decode(&older, scene.owner).unwrap();
    let (facts, context) =
        (Facts { person: Some(&scene.person), owner: None, dates: &scene.dates }, scene.context());
    let [first, second] = &scene.tokens;
    for refused in [
        account.check(first, Wanted::session(), &facts, &context).map(drop),
        account.log_out_everywhere(first, &context),
        account.disable_biometric(second, Modality::Fingerprint, &context),
        account.devices(first, &facts, &context).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code(), Code::SessionRequired);
    }
    assert!(!account.is_changed());
}

#[test]
fn a_guess_in_flight_ends_no_open_session() {
    let scene = Scene::new();
    let guessed = scene.edited(|head| {
        if let State::Authenticated { enrolment, .. } = &mut head.devices[0].session {
            enrolment.in_flight.push(Charged::of([7; 16]));
        }
    });
    assert!(scene.check(&guessed, 0).is_some());
}

#[test]
fn the_facts_of_somebody_else_grant_nothing() {
    let scene = Scene::new();
    let colleague = scene.world.directory.get(scene.world.employee()).unwrap();
    assert!(scene.check_as(&scene.person, &scene.bytes(), 0).is_some());
    assert_eq!(scene.check_as(&colleague, &scene.bytes(), 0), None);
}

/// A write is an id and a checksum of four bytes.
const WRITE_BYTES: usize = 20;

#[test]
fn e32_more_writes_than_are_remembered_are_damage() {
    let scene = Scene::new();
    let bytes = scene.bytes();
    // Behind them is the history, an option of one more id.
    let history = &bytes[bytes.len() - 17..];
    let count = bytes.len() - history.len() - WRITE_BYTES * WRITES_REMEMBERED - 1;
    assert_eq!(usize::from(bytes[count]), WRITES_REMEMBERED);
    for (writes, is_granted) in [(0, true), (4, true), (5, false)] {
        let tail = vec![7; WRITE_BYTES * usize::from(writes)];
        let body = [&bytes[HEADER_BYTES..count], &[writes], &tail, history].concat();
        let other = record_bytes::sealed(b"PLAC", 1, &body);
        assert_eq!(scene.check(&other, 0).is_some(), is_granted, "{writes}");
    }
}
