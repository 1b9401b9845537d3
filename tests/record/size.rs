//! How large a record gets: the figures of the documentation of `record`, measured.

use pinlatch::account::{
    BeginFor, DeviceLabel, ENDED_REMEMBERED, PinEntries, Policy, SignIn, StrongAuthentication,
};
use pinlatch::host::Key;
use pinlatch::id::{PersonId, RequestId};
use pinlatch::people::{
    AuthenticationMethod, ChargeableService, CustomFunction, CustomProfile, Employment, Function, Person,
    Profile, Right, Rights, Role, ServiceSelection, UserAccess, Validity,
};
use pinlatch::pin::PersonalWords;
use pinlatch::record::{MAX_RECORD_BYTES, StoredVersion};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Baseline, Modality};
use pinlatch_testkit::{ACME, PIN, UNMODIFIED, World, company, day, minutes, pin};

fn stored_bytes(world: &World, person: PersonId) -> usize {
    world.store.bytes(&Key::account(person)).unwrap().len()
}

/// Of more than eight starts that name nobody, those that came too close to a forgotten one are void (D34).
fn an_anonymous_start_later(world: &World) {
    world.wait(minutes(3));
}

/// Bytes of the stored account of a person with so many phones, locked if told so, everything delivered.
fn with_phones(count: usize, are_locked: bool) -> usize {
    let world = World::new();
    let anna = world.employee();
    let open = |_| {
        an_anonymous_start_later(&world);
        world.open_phone(anna).unwrap()
    };
    let phones: Vec<_> = (0..count).map(open).collect();
    phones.iter().filter(|_| are_locked).for_each(|phone| phone.lock().unwrap());
    world.gate.blocking().deliver_events(anna).unwrap();
    stored_bytes(&world, anna)
}

/// 64 locked devices with the longest labels, face and fingerprint and five guesses of named requests in flight each,
/// an open invitation, and a journal that has taken nothing until nothing is raised any more.
fn the_largest(world: &World) -> PersonId {
    let anna = world.employee();
    let gate = world.gate.blocking();
    let phones: Vec<DeviceToken> = (0..64).map(|_| enrolled_phone(world, anna)).collect();
    world.hasher.set_failing(true);
    for (token, number) in phones.iter().flat_map(|token| [token; 5]).zip(1..) {
        let request = UNMODIFIED.with_request(RequestId::from_u128(number));
        let failed = gate.unlock_with_pin(token, &pin(PIN).unwrap(), &request).unwrap_err();
        assert_eq!(failed.code(), RefusalCode::Unavailable);
    }
    world.journal.set_down(true);
    let actor = world.administrator(ACME);
    while gate.invite(&actor.session(), actor.company, anna).is_ok() {}
    anna
}

fn enrolled_phone(world: &World, anna: PersonId) -> DeviceToken {
    let gate = world.gate.blocking();
    an_anonymous_start_later(world);
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, AuthenticationMethod::BankCredentials);
    let label = DeviceLabel::new(&"x".repeat(DeviceLabel::MAX_BYTES)).unwrap();
    let token = gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &UNMODIFIED);
    let token = token.unwrap().token;
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    let session = gate.create_pin(&token, &entries, &PersonalWords::none(), &UNMODIFIED).unwrap();
    for modality in [Modality::Face, Modality::Fingerprint] {
        gate.enable_biometric(&session, modality, Baseline::of(b"those of today"), &UNMODIFIED).unwrap();
    }
    gate.lock(&token, &UNMODIFIED).unwrap();
    token
}

fn a_world_of_many_devices() -> World {
    World::builder().policy(Policy::builder().device_limit(64).outbox_limit(256).build().unwrap()).build()
}

#[test]
fn the_figures_of_the_documentation_are_the_measured_ones() {
    let text = include_str!("../../src/record/size.md");
    let world = a_world_of_many_devices();
    let largest = the_largest(&world);
    let measured = [
        ("1 device", with_phones(1, true)),
        ("3 devices", with_phones(3, true)),
        ("3 devices, open", with_phones(3, false)),
        ("16 devices", with_phones(16, true)),
        ("64 devices, all that can wait or be enrolled", stored_bytes(&world, largest)),
    ];
    let lines = measured.map(|(what, bytes)| format!("| {what} | {bytes} |"));
    let missing: Vec<_> = lines.iter().filter(|line| !text.contains(*line)).collect();
    assert!(missing.is_empty(), "the documentation should say: {missing:#?}");
}

#[test]
fn what_version_2_adds_is_what_the_documentation_says() {
    let world = World::builder().writes_version(StoredVersion::V2).build();
    let anna = world.employee();
    for ended in 0..=ENDED_REMEMBERED + 1 {
        let account = world.account(anna);
        let more = account.map_or(1, |account| {
            let [first, second] =
                [StoredVersion::V1, StoredVersion::V2].map(|it| account.encode_as(it).unwrap());
            second.len() - first.len()
        });
        assert_eq!(more, 1 + 40 * ended.min(ENDED_REMEMBERED));
        an_anonymous_start_later(&world);
        world.open_phone(anna).unwrap().log_out().unwrap();
    }
}

#[test]
fn the_largest_record_stays_below_half_the_limit_and_can_be_lowered_to_nothing() {
    let world = a_world_of_many_devices();
    let anna = the_largest(&world);
    let account = world.account(anna).unwrap();
    assert_eq!((account.device_sessions().len(), account.outbox().len()), (64, 256));
    assert!(stored_bytes(&world, anna) * 2 < MAX_RECORD_BYTES);

    // Each of the 64 is exhausted, then all are revoked by an administrator: the journal still
    // takes nothing, and every event is kept.
    let actor = world.administrator(ACME);
    world.gate.blocking().revoke_all(&actor.session(), actor.company, anna).unwrap();
    assert_eq!(world.account(anna).unwrap().outbox().len(), 256 + 1 + 64);
    assert!(stored_bytes(&world, anna) * 2 < MAX_RECORD_BYTES);
}

/// What somebody without the device, the person's credentials or an administrator's role can do
/// costs no byte: nothing is written.
#[test]
fn a_flood_of_refused_requests_grows_nothing() {
    let world = World::new();
    let anna = world.employee();
    let phone = world.open_phone(anna).unwrap();
    phone.lock().unwrap();
    let before = world.store.bytes(&Key::account(anna)).unwrap();
    let gate = world.gate.blocking();
    for number in 0..2_000_u32 {
        let mut guess = [0; 32];
        guess[..4].copy_from_slice(&number.to_le_bytes());
        let forged = DeviceToken::from_secret(anna, &mut guess);
        let refused = gate.unlock_with_pin(&forged, &pin(PIN).unwrap(), &UNMODIFIED).unwrap_err();
        assert_eq!(refused.code(), RefusalCode::AuthenticationRequired);
        let start = gate.begin_authentication(BeginFor::Device(&forged), &UNMODIFIED).unwrap().start;
        let _refused =
            gate.authentication_failed(&start, pinlatch::gate::FailedAuthentication::Failed, &UNMODIFIED);
    }
    assert_eq!(world.store.bytes(&Key::account(anna)).unwrap(), before);
}

/// D31: the bounds keep whatever is known of a person within a record.
#[test]
fn d31_the_largest_person_fits_into_a_record() {
    let (first, last) = (day(9_000, 1, 1), day(9_999, 12, 31));
    let period = Validity::between(first, last).unwrap();
    let closed = ServiceSelection::ClosedAfter(last);
    let name = |number: usize| CustomFunction::new(&format!("{number:a>32}")).unwrap();
    let names = (0..CustomProfile::MOST_FUNCTIONS).map(|number| Function::Custom(name(number)));
    let rights: Rights =
        names.flat_map(|function| Right::all().map(move |right| Right { function, ..right })).collect();
    let profile = Profile::Custom(CustomProfile::new("x".repeat(64), rights).unwrap());
    let mut person = Person::new(PersonId::from_u128(u128::MAX)).with_incomplete_until(first);
    for number in 0..Person::MOST_COMPANIES {
        let company = company(u128::MAX - number as u128);
        let job = Employment::new(company, period)
            .with_selection(ChargeableService::Travel, closed)
            .with_selection(ChargeableService::Salaries, closed);
        let access = UserAccess::new(company, period).with_profile(profile.clone());
        let access = Role::ALL.iter().copied().fold(access, UserAccess::with_role);
        person = std::iter::repeat_n(job, Person::MOST_EMPLOYMENTS).fold(person, Person::with_employment);
        person = person.with_user_access(access);
    }
    assert_eq!(person.employments().len(), Person::MOST_COMPANIES * Person::MOST_EMPLOYMENTS);
    let bytes = person.encode().unwrap();
    assert_eq!(Person::decode(&bytes, person.id()), Ok(person));
    assert!(bytes.len() < MAX_RECORD_BYTES * 7 / 8, "{} bytes", bytes.len());
}
