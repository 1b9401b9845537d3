//! No PIN, token, pepper or digest in any Debug, Display, event or error (I13).

use pinlatch::account::{
    Account, BeginFor, Context, DeviceLabel, Facts, PinChange, PinEntries, SignIn, StrongAuthentication,
    UnlockAttempt, Wanted,
};
use pinlatch::gate::GateError;
use pinlatch::host::{Clock, Key, Loaded, Version};
use pinlatch::id::{
    AttemptId, CompanyId, CredentialId, DeviceId, Generation, PersonId, RequestId, StartId, WriteId,
};
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::{HashParams, Hashing, PersonalWords, PinDraw};
use pinlatch::refusal::Language;
use pinlatch::secret::{DeviceToken, Digest, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, Phone, UNMODIFIED, WRONG_PIN, World, minutes};

use crate::given::record_bytes::{State, read};
use crate::given::*;

const NUMBER: u128 = 0xfedc_ba98_7654_3210_0123_4567_89ab_cdef;

#[test]
fn i13_ids_show_their_last_four_digits_only() {
    assert_eq!(format!("{:?}", PersonId::from_u128(NUMBER)), "PersonId(…cdef)");
    assert_eq!(format!("{:?}", CompanyId::from_u128(NUMBER)), "CompanyId(…cdef)");
    assert_eq!(format!("{:?}", DeviceId::from_u128(NUMBER)), "DeviceId(…cdef)");
    assert_eq!(format!("{:?}", CredentialId::from_u128(NUMBER)), "CredentialId(…cdef)");
    assert_eq!(format!("{:?}", AttemptId::from_u128(NUMBER)), "AttemptId(…cdef)");
    assert_eq!(format!("{:?}", WriteId::from_u128(NUMBER)), "WriteId(…cdef)");
    assert_eq!(format!("{:?}", StartId::from_u128(NUMBER)), "StartId(…cdef)");
    assert_eq!(format!("{:?}", RequestId::from_u128(NUMBER)), "RequestId(…cdef)");
    assert_eq!(format!("{:?}", Key::account(PersonId::from_u128(NUMBER))), "Key(…cdef)");
    assert_eq!(format!("{:?}", Generation::from_number(3)), "Generation(3)");
}

#[test]
fn i13_tokens_digests_and_records_show_nothing() {
    let person = PersonId::from_u128(NUMBER);
    let device = DeviceToken::from_secret(person, &mut [7; 32]);
    assert_eq!(format!("{device:?}"), "DeviceToken(redacted)");
    assert_eq!(format!("{:?}", SessionToken::from_secret(person, &mut [7; 32])), "SessionToken(redacted)");
    let invitation = InvitationToken::from_secret(person, &mut [7; 32]);
    assert_eq!(format!("{invitation:?}"), "InvitationToken(redacted)");
    assert_eq!(format!("{:?}", device.digest()), "Digest(redacted)");
    assert_eq!(format!("{:?}", Digest::from_bytes([7; 32])), "Digest(redacted)");
    assert_eq!(format!("{:?}", Baseline::of(b"a face")), "Baseline(Digest(redacted))");
    let loaded = Loaded { bytes: vec![1, 2, 3], version: Version::from_number(9) };
    assert_eq!(format!("{loaded:?}"), "Loaded(3 bytes, Version(9))");
    let error = DeviceToken::parse(&device.expose().replace('.', "!")).unwrap_err();
    assert_eq!(format!("{error:?}"), "Malformed");
    assert_eq!(error.to_string(), "not a token of this kind: send the text exactly as it was issued");
}

#[test]
fn i13_each_step_of_a_guess_shows_its_attempt_and_nothing_else() {
    let world = World::new();
    let phone = world.open_phone(world.employee()).unwrap();
    phone.lock().unwrap();
    let mut account = world.account(phone.owner).unwrap();
    let (person, dates) = (world.directory.get(phone.owner).unwrap(), world.directory.today());
    let context = Context { now: world.clock.now(), policy: world.gate.policy(), request: UNMODIFIED };
    let facts = Facts { person: Some(&person), owner: None, dates: &dates };
    let draw = UnlockAttempt { attempt: AttemptId::from_u128(NUMBER), salt: [0xab; 16] };
    assert_eq!(format!("{draw:?}"), "UnlockAttempt(AttemptId(…cdef))");
    let token = phone.token.as_ref().unwrap();
    let charge = account.charge_unlock(token, &digits(PIN), draw, &peppers(), &facts, &context).unwrap();
    assert_eq!(format!("{charge:?}"), "Charge(AttemptId(…cdef))");
    let permit = charge.assert_written();
    assert_eq!(format!("{permit:?}"), "Permit(AttemptId(…cdef))");
    let ring = peppers();
    let hashing = Hashing { hasher: &world.hasher, params: HashParams::DEFAULT, peppers: &ring };
    assert_eq!(format!("{hashing:?}"), "Hashing { params: HashParams { memory_kib: 19456, passes: 2 }, .. }");
    let verdict = permit.compare(&hashing).unwrap();
    assert_eq!(format!("{verdict:?}"), "Verdict(AttemptId(…cdef))", "nor whether it was right");
    assert_eq!(format!("{:?}", verdict.into_settlement()), "Settlement(AttemptId(…cdef))");
}

#[test]
fn i13_a_pin_on_its_way_shows_nothing() {
    let entries = || PinEntries { pin: digits(PIN), confirmation: digits(PIN) };
    let redacted = "PinEntries { pin: Pin(redacted), confirmation: Pin(redacted) }";
    assert_eq!(format!("{:?}", entries()), redacted);
    let change = PinChange {
        current: digits(PIN),
        new: entries(),
        attempt: AttemptId::from_u128(NUMBER),
        credential: CredentialId::from_u128(NUMBER),
        salt: [0xab; 16],
    };
    assert_eq!(format!("{change:?}"), "PinChange(AttemptId(…cdef))");

    let world = World::new();
    let mut phone = world.phone(world.employee());
    phone.sign_in().unwrap();
    let mut account = world.account(phone.owner).unwrap();
    let (person, dates) = (world.directory.get(phone.owner).unwrap(), world.directory.today());
    let context = Context { now: world.clock.now(), policy: world.gate.policy(), request: UNMODIFIED };
    let facts = Facts { person: Some(&person), owner: None, dates: &dates };
    let token = phone.token.as_ref().unwrap();
    let draw = PinDraw {
        attempt: AttemptId::from_u128(NUMBER),
        credential: CredentialId::from_u128(1),
        salt: [0xab; 16],
    };
    assert_eq!(format!("{draw:?}"), "PinDraw(AttemptId(…cdef))");
    let claim = account.claim_pin(token, &entries(), &PersonalWords::none(), draw, &facts, &context).unwrap();
    assert_eq!(format!("{claim:?}"), "PinClaim(AttemptId(…cdef))");
    let plan = claim.assert_written();
    assert_eq!(format!("{plan:?}"), "PinPlan(AttemptId(…cdef))");
    let device = format!("{:?}", phone.id.unwrap());
    let owner = format!("{:?}", phone.owner);
    let binding = format!("Binding {{ person: {owner}, device: {device}, generation: Generation(0) }}");
    let ring = peppers();
    let hashing = Hashing { hasher: &world.hasher, params: HashParams::DEFAULT, peppers: &ring };
    let new = plan.make(&hashing).unwrap();
    let attempt = "attempt: AttemptId(…cdef)";
    let expected =
        format!("NewCredential {{ {attempt}, binding: {binding}, credential: Credential(redacted) }}");
    assert_eq!(format!("{new:?}"), expected);
}

/// The texts by which a secret could show: as text, in hexadecimal, and as a list of bytes.
fn spellings(secret: &[u8]) -> Vec<String> {
    let part = &secret[..secret.len().min(8)];
    let hex: String = part.iter().map(|byte| format!("{byte:02x}")).collect();
    let list = |format: fn(&u8) -> String| part.iter().map(format).collect::<Vec<_>>().join(", ");
    vec![
        hex.to_uppercase(),
        hex,
        list(|byte| format!("{byte}")),
        list(|byte| format!("{byte:x}")),
        list(|byte| format!("0x{byte:02x}")),
    ]
}

/// Everything secret in a stored account.
fn stored_secrets(world: &World, person: PersonId) -> Vec<String> {
    let bytes = stored(world, person).unwrap();
    let mut secrets = Vec::new();
    for device in read(&bytes).0.devices {
        secrets.push(device.token.to_vec());
        let (enrolment, token) = match device.session {
            State::Authenticated { enrolment, token, .. } => (enrolment, Some(token)),
            State::Locked { enrolment, .. } => (enrolment, None),
            _ => continue,
        };
        secrets.extend(token.map(|token| token.to_vec()));
        secrets.extend([enrolment.credential.hash.to_vec(), enrolment.credential.salt.to_vec()]);
        secrets.extend(enrolment.face.map(|face| face.to_vec()));
    }
    secrets.iter().flat_map(|secret| spellings(secret)).collect()
}

/// What the account and everything around it shows at one point of a life, and what must not be in it.
#[derive(Default)]
struct Watch {
    shown: Vec<String>,
    secret: Vec<String>,
}

impl Watch {
    fn look(&mut self, world: &World, phone: &Phone<'_>) {
        let account: Account = world.account(phone.owner).unwrap();
        self.shown.extend([format!("{account:?}"), format!("{account:#?}")]);
        self.shown.push(format!("{:?} {:?} {:?}", world.gate, world.store, world.gate.host()));
        self.shown.push(format!("{:?} {:?} {:?}", phone.token, phone.session, phone.id));
        self.secret.extend(stored_secrets(world, phone.owner));
        let texts =
            [phone.token.as_ref().map(DeviceToken::expose), phone.session.as_ref().map(SessionToken::expose)];
        for text in texts.into_iter().flatten() {
            self.secret.push(text[31..].to_owned());
        }
    }

    fn fails<T>(&mut self, answer: Result<T, GateError>) {
        let Err(error) = answer else { panic!("granted") };
        let refusal = error.refusal();
        self.shown
            .extend([format!("{error:?} {error}"), format!("{refusal:?} {refusal} {}", refusal.audit())]);
        self.shown.push(refusal.public(Language::Finnish).to_string());
    }
}

fn live(world: &World, phone: &mut Phone<'_>, watch: &mut Watch) {
    let gate = world.gate.blocking();
    phone.sign_in().unwrap();
    watch.look(world, phone);
    phone.create_pin(PIN).unwrap();
    phone.enable(Modality::Face).unwrap();
    watch.look(world, phone);
    phone.change_pin(PIN, ANOTHER_PIN).unwrap();
    watch.look(world, phone);
    let (dead, device) = (same_session(phone), same_device(phone));
    phone.lock().unwrap();
    watch.look(world, phone);
    watch.fails(gate.check(&dead, Wanted::session(), &UNMODIFIED));
    watch.fails(gate.unlock_with_pin(&device, &digits(WRONG_PIN), &UNMODIFIED));
    watch.fails(gate.unlock_with_pin(&device, &digits("2849"), &UNMODIFIED));
    let assertion = BiometricAssertion { modality: Modality::Face, recognised: true, baseline: None };
    watch.fails(gate.unlock_with_biometric(&device, &assertion, &UNMODIFIED));
    world.hasher.set_failing(true);
    watch.fails(gate.unlock_with_pin(&device, &digits(ANOTHER_PIN), &UNMODIFIED));
    world.hasher.set_failing(false);
    watch.look(world, phone);
    // The guess that the hasher failed is void.
    world.wait(minutes(4));
    phone.unlock(ANOTHER_PIN).unwrap();
    watch.look(world, phone);
    world.store.set_down(true);
    watch.fails(gate.lock(&device, &UNMODIFIED));
    world.store.set_down(false);
    phone.lock().unwrap();
    phone.mistype(4).unwrap_err();
    watch.fails(gate.unlock_with_pin(&device, &digits(WRONG_PIN), &UNMODIFIED));
    watch.look(world, phone);
    phone.acknowledge().unwrap();
    let evidence = StrongAuthentication::verified_by_host(
        gate.begin_authentication(BeginFor::Device(&device), &UNMODIFIED).unwrap().start,
        phone.owner,
        AuthenticationMethod::MobileCertificate,
    );
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: Some(&device), invitation: None };
    watch.shown.push(format!("{sign_in:?}"));
    watch.fails(gate.authenticate(sign_in, &UNMODIFIED));
}

#[test]
fn i13_nothing_that_can_be_printed_in_a_whole_life_holds_a_secret() {
    let world = World::new();
    let anna = world.employee();
    let mut phone = world.phone(anna);
    let mut watch = Watch::default();
    live(&world, &mut phone, &mut watch);
    revoke_all(&world, &world.administrator(ACME), anna).unwrap();
    let invitation = world.invited(anna).unwrap();
    let invited = invitation.token.expose()[31..].to_owned();
    watch.shown.push(format!("{invitation:?}"));
    for event in world.journal.events(anna) {
        watch.shown.push(format!("{event:?}"));
    }
    for refusal in world.journal.refusals(anna) {
        watch.shown.push(format!("{refusal:?}"));
    }
    watch.secret.extend([PIN, ANOTHER_PIN, WRONG_PIN, &invited].map(str::to_owned));
    watch.secret.extend(spellings(&[0x5a; 32]));
    watch.secret.extend([PIN, ANOTHER_PIN].iter().flat_map(|pin| spellings(pin.as_bytes())));
    assert!(watch.secret.len() > 100 && watch.shown.len() > 60, "the net is wide");
    for shown in &watch.shown {
        for secret in &watch.secret {
            assert!(!shown.contains(secret.as_str()), "{secret} in {shown}");
        }
    }
}
