//! What every command answers where the record is damaged, newer, or somebody else's (E32).

mod healed;

use pinlatch::account::{
    AccountOverview, AuthenticationStart, BeginFor, DeviceLabel, IssuedInvitation, SignIn, Standing,
    StrongAuthentication,
};
use pinlatch::gate::{BlockingGate, GateError};
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::PersonalWords;
use pinlatch::record::{MAX_RECORD_BYTES, RecordError};
use pinlatch::refusal::{Cause, NextStep, Refusal, RefusalCode as Code};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality, SessionState};
use pinlatch_testkit::{ACME, ANOTHER_PIN, InBrowser, PIN, Phone, TestHost, UNMODIFIED, World};

use crate::given::record_bytes::sealed;
use crate::given::*;

/// Anna's open phone, an authentication that she began, an administrator, and her record.
struct Scene<'w> {
    world: &'w World,
    phone: Phone<'w>,
    start: AuthenticationStart,
    actor: InBrowser,
    record: Vec<u8>,
}

type Done = Result<(), GateError>;
type Command = fn(&Scene<'_>) -> Done;

/// What the person does to use the app, or to get into it.
const USES: [(&str, Command); 15] = [
    ("authenticate", |scene| scene.sign_in(Some(scene.token()))),
    ("authenticate on a new phone", |scene| scene.sign_in(None)),
    ("create_pin", |scene| {
        let (entries, words) = (entries(PIN), PersonalWords::none());
        scene.gate().create_pin(scene.token(), &entries, &words, &UNMODIFIED).map(drop)
    }),
    ("unlock_with_pin", |scene| {
        scene.gate().unlock_with_pin(scene.token(), &digits(PIN), &UNMODIFIED).map(drop)
    }),
    ("unlock_with_biometric", |scene| {
        let baseline = Some(Baseline::of(&scene.phone.biometric_state));
        let face = BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
        scene.gate().unlock_with_biometric(scene.token(), &face, &UNMODIFIED).map(drop)
    }),
    ("check", |scene| {
        scene.gate().check(scene.session(), pinlatch::account::Wanted::session(), &UNMODIFIED).map(drop)
    }),
    ("functions", |scene| scene.gate().functions(scene.session(), ACME, &UNMODIFIED).map(drop)),
    ("change_pin", |scene| {
        let (current, new, words) = (digits(PIN), entries(ANOTHER_PIN), PersonalWords::none());
        scene.gate().change_pin(scene.session(), &current, &new, &words, &UNMODIFIED)
    }),
    ("enable_biometric", |scene| {
        let baseline = Baseline::of(&scene.phone.biometric_state);
        scene.gate().enable_biometric(scene.session(), Modality::Fingerprint, baseline, &UNMODIFIED)
    }),
    ("disable_biometric", |scene| {
        scene.gate().disable_biometric(scene.session(), Modality::Face, &UNMODIFIED)
    }),
    ("acknowledge", |scene| scene.gate().acknowledge(scene.token(), &UNMODIFIED)),
    ("devices", |scene| scene.gate().devices(scene.session(), &UNMODIFIED).map(drop)),
    ("log_out_device", |scene| {
        scene.gate().log_out_device(scene.session(), scene.phone.id.expect("signed in"), &UNMODIFIED)
    }),
    ("log_out_everywhere", |scene| scene.gate().log_out_everywhere(scene.session(), &UNMODIFIED)),
    ("rename_device", |scene| {
        let (device, label) = (scene.phone.id.expect("signed in"), DeviceLabel::new("old").expect("a label"));
        scene.gate().rename_device(scene.session(), device, label, &UNMODIFIED)
    }),
];

/// What a phone does when it leaves, or has to.
const LEAVES: [(&str, Command); 3] = [
    ("lock", |scene| scene.gate().lock(scene.token(), &UNMODIFIED)),
    ("log_out", |scene| scene.gate().log_out(scene.token(), &UNMODIFIED)),
    ("report_integrity", |scene| scene.gate().report_integrity(scene.token(), &Modified.into())),
];

/// What does not sign in and uses nothing, an administrator's, and the host's own.
const OTHERS: [(&str, Command); 9] = [
    ("begin_authentication", |scene| {
        scene.gate().begin_authentication(BeginFor::Device(scene.token()), &UNMODIFIED).map(drop)
    }),
    ("device_view", |scene| scene.gate().device_view(scene.token(), &UNMODIFIED).map(drop)),
    ("invite", |scene| scene.invite().map(drop)),
    ("withdraw_invitation", |scene| scene.withdraw_invitation()),
    ("revoke_all", |scene| scene.revoke_all()),
    ("overview", |scene| scene.overview().map(drop)),
    ("log_out_device_of", |scene| scene.log_out_device_of()),
    ("reassess", |scene| scene.gate().reassess(scene.phone.owner)),
    ("erase", |scene| scene.gate().erase(scene.phone.owner)),
];

impl<'w> Scene<'w> {
    fn new(world: &'w World) -> Self {
        let phone = world.open_phone(world.employee()).unwrap();
        phone.enable(Modality::Face).unwrap();
        let start = world.gate.blocking().begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
        let (actor, record) = (world.administrator(ACME), stored(world, phone.owner).unwrap());
        Self { world, phone, start, actor, record }
    }

    fn put(&self, bytes: &[u8]) {
        self.world.store.overwrite(&Key::account(self.phone.owner), Some(bytes.to_vec()));
    }

    fn gate(&self) -> BlockingGate<'w, TestHost> {
        self.world.gate.blocking()
    }

    fn token(&self) -> &DeviceToken {
        self.phone.token.as_ref().expect("signed in")
    }

    fn session(&self) -> &SessionToken {
        self.phone.session.as_ref().expect("open")
    }

    fn sign_in(&self, known: Option<&DeviceToken>) -> Done {
        let method = AuthenticationMethod::BankCredentials;
        let evidence = StrongAuthentication::verified_by_host(self.start, self.phone.owner, method);
        let label = DeviceLabel::new("phone").expect("a label");
        let sign_in = SignIn { evidence, label, known, invitation: None };
        self.gate().authenticate(sign_in, &UNMODIFIED).map(drop)
    }

    fn invite(&self) -> Result<IssuedInvitation, GateError> {
        self.gate().invite(&self.actor.session(), self.actor.company, self.phone.owner)
    }

    fn withdraw_invitation(&self) -> Done {
        self.gate().withdraw_invitation(&self.actor.session(), self.actor.company, self.phone.owner)
    }

    fn overview(&self) -> Result<AccountOverview, GateError> {
        self.gate().overview(&self.actor.session(), self.actor.company, self.phone.owner)
    }

    fn log_out_device_of(&self) -> Done {
        let device = self.phone.id.expect("signed in");
        self.gate().log_out_device_of(&self.actor.session(), self.actor.company, self.phone.owner, device)
    }

    fn revoke_all(&self) -> Done {
        self.gate().revoke_all(&self.actor.session(), self.actor.company, self.phone.owner)
    }

    /// Somebody else signs in on Anna's phone.
    fn sign_in_of(&self, other: PersonId) -> Result<(), Code> {
        let mut phone = moved_to(self.world, &self.phone);
        phone.owner = other;
        phone.sign_in()
    }
}

/// Ways in which a record can be damaged.
fn damaged(record: &[u8]) -> Vec<Vec<u8>> {
    let flipped = |byte: usize| {
        let mut bytes = record.to_vec();
        bytes[byte] ^= 1;
        bytes
    };
    let mut padded = record.to_vec();
    padded.resize(MAX_RECORD_BYTES + 1, 0);
    vec![
        Vec::new(),
        record[..3].to_vec(),
        record[..record.len() - 1].to_vec(),
        vec![0; 4],
        vec![0; 14],
        vec![0; record.len()],
        [record, b"\0"].concat(),
        padded,
        // Magic, version, length, checksum, body.
        flipped(0),
        flipped(4),
        flipped(5),
        flipped(6),
        flipped(10),
        flipped(200),
        b"{\"json\":true}".to_vec(),
        b"{\"json\": \"and longer than a header\"}".to_vec(),
        sealed(b"PLAC", 1, b"nonsense"),
        sealed(b"PLAC", 0, &record[14..]),
    ]
}

/// Whole records that are not for this host or not of this account, and what the trail says of them.
fn whole(record: &[u8], somebody_elses: Vec<u8>) -> Vec<(Vec<u8>, Cause)> {
    let body = &record[14..];
    let mut enormous = body.to_vec();
    enormous.resize(MAX_RECORD_BYTES, 0);
    vec![
        (sealed(b"PLAC", 3, body), Cause::RecordNewer),
        (sealed(b"PLAC", u16::MAX, b"in whatever form"), Cause::RecordNewer),
        (sealed(b"PLAC", 3, &enormous), Cause::RecordNewer),
        (sealed(b"PLPE", 1, body), Cause::RecordForeign),
        (somebody_elses, Cause::RecordForeign),
        (sealed(b"PLAC", 1, &enormous), Cause::AsCoded),
    ]
}

#[test]
fn e32_a_damaged_record_reads_as_be_reinvited_and_is_left_alone() {
    let world = World::new();
    let scene = Scene::new(&world);
    let anna = scene.phone.owner;
    for bytes in damaged(&scene.record) {
        scene.put(&bytes);
        for (name, command) in USES {
            let cause = refused(&world, anna, Code::ReinvitationRequired, || code(command(&scene)));
            assert_eq!(cause, Cause::RecordUnreadable, "{name}");
        }
        for (_, command) in LEAVES {
            unchanged(&world, anna, || code(command(&scene)));
        }
        let view = unchanged(&world, anna, || code(scene.gate().device_view(scene.token(), &UNMODIFIED)));
        assert_eq!((view.state, view.next), (SessionState::RevokedAll, NextStep::AskForInvitation));
        // Nobody is named by it, and what is offered is the same for everybody.
        let whom = BeginFor::Device(scene.token());
        let offer = unchanged(&world, anna, || code(scene.gate().begin_authentication(whom, &UNMODIFIED)));
        assert_eq!((offer.start.person(), &offer.methods[..]), (None, AuthenticationMethod::ALL));
        let seen = unchanged(&world, anna, || code(scene.overview()));
        assert_eq!((seen.standing, seen.invitation), (Standing::RevokedAll, None));
        assert!(seen.devices.is_empty());
        refused(&world, anna, Code::UnknownDevice, || code(scene.log_out_device_of()));
        unchanged(&world, anna, || code(scene.gate().reassess(anna)));
        refused(&world, anna, Code::NoInvitation, || code(scene.withdraw_invitation()));
        let error = scene.gate().deliver_events(anna).unwrap_err();
        assert!(matches!(&error, GateError::Record(error) if error.is_damage()), "{error}");
    }
    // Restored from a backup, it is what it was.
    scene.put(&scene.record);
    scene.phone.check().map(drop).unwrap();
}

/// S4 of the cases: nobody is sent to the bank, and nothing is written.
#[test]
fn e32_a_record_of_a_newer_version_or_of_somebody_else_is_try_later_for_everything() {
    let world = World::new();
    let scene = Scene::new(&world);
    let (anna, bo) = (scene.phone.owner, world.employee());
    let somebody_elses = stored(&world, world.open_phone(bo).unwrap().owner).unwrap();
    for (bytes, cause) in whole(&scene.record, somebody_elses) {
        scene.put(&bytes);
        for (name, command) in USES.into_iter().chain(LEAVES).chain(OTHERS) {
            let found = refused(&world, anna, Code::Unavailable, || code(command(&scene)));
            assert_eq!(found, cause, "{name}");
        }
        // Whether Anna's phone is free for Bo is not to be told either.
        refused(&world, anna, Code::Unavailable, || scene.sign_in_of(bo));
        let error = scene.gate().deliver_events(anna).unwrap_err();
        assert!(matches!(&error, GateError::Record(error) if !error.is_damage()), "{error}");
        assert_eq!(error.refusal(), Refusal::because(Code::Unavailable, cause));
    }
    scene.put(&scene.record);
    scene.phone.check().map(drop).unwrap();
}

#[test]
fn e32_no_cut_and_no_flipped_bit_opens_guesses_or_asks_for_the_bank() {
    let world = World::new();
    let scene = Scene::new(&world);
    let anna = scene.phone.owner;
    let cuts = (0..scene.record.len()).map(|length| scene.record[..length].to_vec());
    let flips = (0..scene.record.len() * 8).map(|bit| {
        let mut bytes = scene.record.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        bytes
    });
    let hashed = world.hasher.count();
    for (number, bytes) in cuts.chain(flips).enumerate() {
        scene.put(&bytes);
        for (name, command) in USES {
            let answer = code(command(&scene));
            assert_eq!(answer, Err(Code::ReinvitationRequired), "{name} of damaged record {number}");
        }
        for (name, command) in LEAVES {
            assert_eq!(code(command(&scene)), Ok(()), "{name} of damaged record {number}");
        }
        let view = scene.gate().device_view(scene.token(), &UNMODIFIED).unwrap();
        assert_eq!((view.state, view.next), (SessionState::RevokedAll, NextStep::AskForInvitation));
        assert_eq!(stored(&world, anna), Some(bytes), "damaged record {number} was written over");
    }
    assert_eq!(world.hasher.count(), hashed, "a PIN was evaluated");
}

#[test]
fn e32_e09_a_phone_whose_owners_record_is_damaged_is_free_for_another_person() {
    let world = World::new();
    let scene = Scene::new(&world);
    for bytes in damaged(&scene.record) {
        scene.put(&bytes);
        let bo = world.employee();
        unchanged(&world, scene.phone.owner, || scene.sign_in_of(bo));
    }
}

#[test]
fn e32_the_errors_say_what_is_wrong() {
    let world = World::new();
    let scene = Scene::new(&world);
    let error = |bytes: &[u8]| {
        scene.put(bytes);
        match scene
            .gate()
            .lock(scene.token(), &UNMODIFIED)
            .and_then(|()| scene.gate().acknowledge(scene.token(), &UNMODIFIED))
        {
            Err(GateError::Record(error)) => error,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(error(b""), RecordError::Truncated);
    assert_eq!(error(&vec![0; 500]), RecordError::Corrupted);
    assert_eq!(error(&sealed(b"PLAC", 7, b"x")), RecordError::NewerVersion { found: 7 });
    assert_eq!(error(&sealed(b"PLPE", 1, b"x")), RecordError::NotARecord);
}
