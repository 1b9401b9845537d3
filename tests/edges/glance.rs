//! The check on stored bytes grants exactly what the whole account would grant without a write.

use pinlatch::access::{Channel, Request};
use pinlatch::account::{
    Account, DeviceIntegrity, Facts, Grant, Moment, Policy, Raising, WRITES_REMEMBERED, Wanted,
};
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::people::{Action, Function, LocalDates, Person};
use pinlatch::secret::SessionToken;
use pinlatch::session::Modality;
use pinlatch::testkit::{ACME, BOLT, TODAY, World, day};
use pinlatch::time::{Span, Timestamp};

use crate::record_bytes::{self, Head, State};

const HEADER_BYTES: usize = 14;

/// Three devices: open, locked, open with a fingerprint; an idle window and a lifetime.
struct Scene {
    world: World,
    owner: PersonId,
    tokens: [SessionToken; 2],
}

impl Scene {
    fn new() -> Self {
        let windows = Policy::builder().idle_lock(Span::hours(1)).absolute_lifetime(Span::days(2));
        let world = World::builder().policy(windows.build().unwrap()).build();
        let owner = world.employee();
        let (first, second, third) = (
            world.open_phone(owner).unwrap(),
            world.open_phone(owner).unwrap(),
            world.open_phone(owner).unwrap(),
        );
        second.lock().unwrap();
        third.enable(Modality::Fingerprint).unwrap();
        let tokens = [first.session, third.session]
            .map(|token| SessionToken::parse(token.as_ref().unwrap().expose()).unwrap());
        Self { world, owner, tokens }
    }

    fn bytes(&self) -> Vec<u8> {
        self.world.store.bytes(&Key::account(self.owner)).unwrap()
    }

    fn person(&self) -> Person {
        self.world.directory.get(self.owner).unwrap()
    }

    /// The record after a change past every check, with its checksum put right.
    fn edited(&self, change: impl FnOnce(&mut Head)) -> Vec<u8> {
        let before = self.bytes();
        record_bytes::edit(&self.world, self.owner, change);
        let after = self.bytes();
        self.world.store.overwrite(&Key::account(self.owner), Some(before));
        after
    }
}

fn in_full(bytes: &[u8], token: &SessionToken, wanted: Wanted<'_>, raising: &Raising<'_>) -> Option<Grant> {
    let mut account = Account::decode(bytes, token.person()).ok()?;
    let grant = account.check(token, wanted, raising).ok()?;
    (!account.is_changed()).then_some(grant)
}

/// Both answers are the same; whether it was a grant.
fn agree(bytes: &[u8], token: &SessionToken, wanted: Wanted<'_>, raising: &Raising<'_>) -> bool {
    let glance = Account::check_stored(bytes, token, wanted, raising);
    assert_eq!(glance, in_full(bytes, token, wanted, raising));
    glance.is_some()
}

fn today() -> LocalDates {
    let (year, month, today) = TODAY;
    LocalDates::everywhere(day(year, month, today))
}

/// The facts of an eligible person on an unmodified device, at this time.
fn usual<'a>(
    policy: &'a Policy,
    person: &'a Person,
    dates: &'a LocalDates,
    now: Option<Timestamp>,
) -> Raising<'a> {
    Raising {
        moment: Moment { now, policy },
        integrity: DeviceIntegrity::Unmodified,
        facts: Facts { person: Some(person), dates },
    }
}

fn now(scene: &Scene) -> Timestamp {
    scene.world.account(scene.owner).unwrap().device_sessions()[0].created()
}

#[test]
fn whatever_bit_of_a_record_is_wrong_the_glance_agrees() {
    let scene = Scene::new();
    let (bytes, person, dates) = (scene.bytes(), scene.person(), today());
    let policy = scene.world.gate.policy();
    let raising = usual(policy, &person, &dates, Some(now(&scene)));
    assert!(scene.tokens.iter().all(|token| agree(&bytes, token, Wanted::Session, &raising)));
    let (mut granted, mut not) = (0, 0);
    for bit in 0..8 * (bytes.len() - HEADER_BYTES) {
        let mut body = bytes[HEADER_BYTES..].to_vec();
        body[bit / 8] ^= 1 << (bit % 8);
        let damaged = record_bytes::sealed(b"PLAC", 1, &body);
        for token in &scene.tokens {
            if agree(&damaged, token, Wanted::Session, &raising) { granted += 1 } else { not += 1 }
        }
        let mut unsealed = bytes.clone();
        unsealed[HEADER_BYTES + bit / 8] ^= 1 << (bit % 8);
        assert!(!agree(&unsealed, &scene.tokens[0], Wanted::Session, &raising));
    }
    assert!(granted > 1_000 && not > 1_000, "{granted} and {not}");
    for length in 0..bytes.len() - HEADER_BYTES {
        let cut = record_bytes::sealed(b"PLAC", 1, &bytes[HEADER_BYTES..HEADER_BYTES + length]);
        assert!(!agree(&cut, &scene.tokens[0], Wanted::Session, &raising));
    }
    let longer = [&bytes[HEADER_BYTES..], &[0]].concat();
    let longer = record_bytes::sealed(b"PLAC", 1, &longer);
    assert!(!agree(&longer, &scene.tokens[0], Wanted::Session, &raising));
}

#[test]
fn whatever_the_moment_the_glance_agrees() {
    let scene = Scene::new();
    let (bytes, employee, dates) = (scene.bytes(), scene.person(), today());
    let stranger = scene.world.stranger();
    let unemployed = Person::new(scene.owner);
    let windows = scene.world.gate.policy().clone();
    let start = now(&scene);
    let spans = [0, 1, 359_999, 360_000, 360_001, 3_599_999, 3_600_000, 172_799_999, 172_800_000, u64::MAX];
    let at = |span: u64| Timestamp::from_unix_millis(start.as_unix_millis().saturating_add(span));
    let times = spans.map(|span| Some(at(span))).into_iter().chain([None, Some(Timestamp::default())]);
    let request = |function, company, owner| Request {
        channel: Channel::MobileApp,
        company,
        action: Action::Read,
        function,
        owner,
    };
    let requests = [
        request(Function::SalaryInformation, ACME, scene.owner),
        request(Function::TravelExpenseReports, ACME, scene.owner),
        request(Function::UsersAndRoles, ACME, scene.owner),
        request(Function::SalaryInformation, BOLT, scene.owner),
        request(Function::SalaryInformation, ACME, stranger.id()),
        Request { channel: Channel::Browser, ..request(Function::SalaryInformation, ACME, scene.owner) },
    ];
    let wanted = requests.iter().map(Wanted::Function).chain([Wanted::Session]);
    let wanted: Vec<_> = wanted.collect();
    let (mut granted, mut not) = (0, 0);
    for now in times {
        for policy in [&windows, &Policy::default()] {
            for person in [Some(&employee), Some(&stranger), Some(&unemployed), None] {
                for integrity in
                    [DeviceIntegrity::Unmodified, DeviceIntegrity::Modified, DeviceIntegrity::Unknown]
                {
                    let facts = Facts { person, dates: &dates };
                    let raising = Raising { moment: Moment { now, policy }, integrity, facts };
                    for wanted in &wanted {
                        if agree(&bytes, &scene.tokens[0], *wanted, &raising) {
                            granted += 1;
                        } else {
                            not += 1;
                        }
                    }
                }
            }
        }
    }
    assert!(granted > 50 && not > 1_000, "{granted} and {not}");
}

#[test]
fn a_record_that_contradicts_itself_grants_nothing() {
    let scene = Scene::new();
    let (person, dates) = (scene.person(), today());
    let policy = scene.world.gate.policy();
    let raising = usual(policy, &person, &dates, Some(now(&scene)));
    let granted =
        |change: fn(&mut Head)| agree(&scene.edited(change), &scene.tokens[0], Wanted::Session, &raising);
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
    // The same session on two devices: whoever is found, it is one that the whole account names.
    let twice = scene.edited(|head| head.devices[2].session = head.devices[0].session.clone());
    assert_eq!(Account::check_stored(&twice, &scene.tokens[0], Wanted::Session, &raising), None);
}

#[test]
fn e12_an_open_row_of_an_older_generation_is_no_session() {
    let scene = Scene::new();
    let (person, dates) = (scene.person(), today());
    let policy = scene.world.gate.policy();
    let raising = usual(policy, &person, &dates, Some(now(&scene)));
    let older = scene.edited(|head| head.generation += 1);
    let mut account = Account::decode(&older, scene.owner).unwrap();
    let refused = account.check(&scene.tokens[0], Wanted::Session, &raising).unwrap_err();
    assert_eq!(refused.code(), pinlatch::refusal::RefusalCode::SessionRequired);
    let moment = &raising.moment;
    for refused in [
        account.log_out_everywhere(&scene.tokens[0], moment),
        account.disable_biometric(&scene.tokens[1], Modality::Fingerprint, moment),
        account.devices(&scene.tokens[0], moment).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().code(), pinlatch::refusal::RefusalCode::SessionRequired);
    }
    assert!(!account.is_changed());
    assert!(!agree(&older, &scene.tokens[0], Wanted::Session, &raising));
}

#[test]
fn a_guess_in_flight_is_left_to_the_whole_account() {
    let scene = Scene::new();
    let (person, dates) = (scene.person(), today());
    let policy = scene.world.gate.policy();
    let raising = usual(policy, &person, &dates, Some(now(&scene)));
    let guessed = scene.edited(|head| {
        if let State::Authenticated { enrolment, .. } = &mut head.devices[0].session {
            enrolment.in_flight.push([7; 16]);
        }
    });
    let [token, _] = &scene.tokens;
    assert_eq!(Account::check_stored(&guessed, token, Wanted::Session, &raising), None);
    assert!(in_full(&guessed, token, Wanted::Session, &raising).is_some());
}

#[test]
fn the_facts_of_somebody_else_grant_nothing() {
    let scene = Scene::new();
    let colleague = scene.world.directory.get(scene.world.employee()).unwrap();
    let (bytes, owner, dates) = (scene.bytes(), scene.person(), today());
    // With the windows, and without anything that needs the clock.
    for policy in [scene.world.gate.policy(), &Policy::default()] {
        for (person, is_granted) in [(&owner, true), (&colleague, false)] {
            let raising = usual(policy, person, &dates, Some(now(&scene)));
            assert_eq!(agree(&bytes, &scene.tokens[0], Wanted::Session, &raising), is_granted);
        }
    }
}

#[test]
fn eight_writes_are_read_at_a_glance_and_nine_are_not() {
    let scene = Scene::new();
    let (bytes, person, dates) = (scene.bytes(), scene.person(), today());
    let raising = usual(scene.world.gate.policy(), &person, &dates, Some(now(&scene)));
    let count = bytes.len() - 16 * WRITES_REMEMBERED - 1;
    assert_eq!(usize::from(bytes[count]), WRITES_REMEMBERED);
    for (writes, is_granted) in [(0, true), (8, true), (9, false)] {
        let tail = vec![7; 16 * usize::from(writes)];
        let body = [&bytes[HEADER_BYTES..count], &[writes], &tail].concat();
        let other = record_bytes::sealed(b"PLAC", 1, &body);
        assert_eq!(agree(&other, &scene.tokens[0], Wanted::Session, &raising), is_granted, "{writes}");
    }
}
