//! What an operation finds: an account as it is stored, and what a host knows at that moment.
//!
//! Everything is drawn from a fixed seed, so a scene is the same in every run.

use std::time::Duration;

use pinlatch::access::{Administrator, Request};
use pinlatch::account::{
    Account, AuthenticationStart, Context, DeviceLabel, Facts, PinEntries, Policy, SignIn,
    StrongAuthentication, UnlockAttempt,
};
use pinlatch::host::{Clock, Key};
use pinlatch::id::{AttemptId, CompanyId, CredentialId, DeviceId, PersonId, StartId, WriteId};
use pinlatch::people::{
    Action, AuthenticationMethod, ChargeableService, Employment, Function, LocalDates, Person,
};
use pinlatch::pin::{
    Charge, HashParams, Hashing, NewCredential, PepperRing, PersonalWords, Pin, PinDraw, Settlement,
};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, InvitationToken, SessionToken};
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    ACME, BOLT, PIN, Phone, QuickHasher, UNMODIFIED, WRONG_PIN, World, pin, seconds, since_last_year,
};

/// The most devices an account can have.
pub const MOST_DEVICES: u8 = 64;

const WRITE: WriteId = WriteId::from_bytes([7; 16]);
const NEXT_WRITE: WriteId = WriteId::from_bytes([11; 16]);
const FACES: &[u8] = b"the owner's face";
const NEW_DEVICE: DeviceId = DeviceId::from_bytes([3; 16]);

/// An account, and everything that a command on it needs.
#[derive(Debug)]
pub struct Scene {
    /// Whose account.
    pub person: Person,
    /// The account as the store has it.
    pub record: Vec<u8>,
    /// The token of the device that asks: the last one in the record.
    pub device: DeviceToken,
    /// Its session token: live if the app is open.
    pub session: SessionToken,
    /// The same as the device sends it.
    pub session_text: String,
    /// What is hashed of it: prefix and secret.
    pub hashed: Vec<u8>,
    /// A block of SHA-256 that begins with that.
    pub block: [[u8; 64]; 1],
    /// The session token of the next opening.
    pub next_session: SessionToken,
    /// The right PIN.
    pub entry: Pin,
    /// Reading one's own data, in the app.
    pub request: Request,
    /// A user administrator of the person's company.
    pub administrator: Administrator,
    /// The invitation that is issued next.
    pub invitation: InvitationToken,
    /// Without a pepper.
    pub peppers: PepperRing,
    policy: Policy,
    dates: LocalDates,
    now: Timestamp,
    settlement: Option<Settlement>,
    new_pin: Option<NewCredential>,
    hasher: QuickHasher,
}

impl Scene {
    /// A person with so many devices, all open; the last one asks.
    pub fn open(devices: usize) -> Self {
        Self::built(devices, false, |_| {})
    }

    /// The same, employed by two companies, and asking about the second.
    pub fn open_in_two_companies(devices: usize) -> Self {
        Self::built(devices, true, |_| {})
    }

    /// The last device is locked.
    pub fn locked(devices: usize) -> Self {
        Self::built(devices, false, |phone| phone.lock().expect("open"))
    }

    /// The last device is locked, and opens by face too.
    pub fn locked_with_face(devices: usize) -> Self {
        Self::built(devices, false, |phone| {
            phone.biometric_state = FACES.to_vec();
            phone.enable(Modality::Face).expect("open");
            phone.lock().expect("open");
        })
    }

    /// The last device's PIN is exhausted, and not acknowledged yet.
    pub fn exhausted(devices: usize) -> Self {
        let mistype = |phone: &mut Phone<'_>| {
            phone.lock().expect("open");
            phone.mistype(5).expect_err("wrong five times");
        };
        Self::built(devices, false, mistype)
    }

    /// The last device has entered so many wrong PINs before, and one entry of `digits` has been
    /// charged, written and compared; it waits to be settled.
    pub fn compared(wrong_before: usize, digits: &str) -> Self {
        let mut scene = Self::built(1, false, |phone| {
            phone.lock().expect("open");
            let _refused = phone.mistype(wrong_before);
        });
        scene.entry = pin(digits).expect("six digits");
        let mut account = scene.account();
        let charge = scene.charge(&mut account).expect("locked");
        account.stamp(WRITE).expect("a new id");
        scene.record = account.encode().expect("small");
        let hashing = scene.hashing();
        let verdict = charge.assert_written().compare(&hashing).expect("the hasher works");
        scene.settlement = Some(verdict.into_settlement());
        scene
    }

    /// The right PIN was compared.
    pub fn compared_right(_devices: usize) -> Self {
        Self::compared(0, PIN)
    }

    /// A wrong PIN was compared, the first.
    pub fn compared_wrong(_devices: usize) -> Self {
        Self::compared(0, WRONG_PIN)
    }

    /// A wrong PIN was compared, the fifth.
    pub fn compared_wrong_fifth(_devices: usize) -> Self {
        Self::compared(4, WRONG_PIN)
    }

    /// The last device waits for its PIN, which has been claimed, written and hashed.
    pub fn pin_hashed(devices: usize) -> Self {
        let mut scene = Self::signed_out(devices);
        let mut account = scene.account();
        assert!(scene.authenticate(&mut account), "eligible");
        account.stamp(WRITE).expect("a new id");
        let entries = PinEntries { pin: pin(PIN).expect("digits"), confirmation: pin(PIN).expect("digits") };
        let draw = PinDraw {
            attempt: AttemptId::from_bytes([9; 16]),
            credential: CredentialId::from_bytes([6; 16]),
            salt: [5; 16],
        };
        let claim = account.claim_pin(
            &scene.device,
            &entries,
            &PersonalWords::none(),
            draw,
            &scene.facts(),
            &scene.context(),
        );
        let claim = claim.expect("good");
        account.stamp(NEXT_WRITE).expect("a new id");
        scene.record = account.encode().expect("small");
        scene.new_pin = Some(claim.assert_written().make(&scene.hashing()).expect("hashes"));
        scene
    }

    /// One device fewer: the last one has just logged out, and wants to sign in again.
    pub fn signed_out(devices: usize) -> Self {
        Self::built(devices, false, |phone| phone.log_out().expect("signed in"))
    }

    fn built(devices: usize, twice: bool, then: impl FnOnce(&mut Phone<'_>)) -> Self {
        let world = World::builder().policy(roomy()).peppers(PepperRing::without_pepper()).build();
        let anna = world.employee();
        if twice {
            let travel = Employment::new(BOLT, since_last_year()).with_service(ChargeableService::Travel);
            world.change(anna, |person| person.with_employment(travel));
        }
        let mut phone = world.open_phone(anna).expect("eligible");
        for _ in 1..devices {
            // So many sign-ins at one instant would be more than a record remembers (D34).
            world.wait(Duration::from_secs(180));
            phone = world.open_phone(anna).expect("eligible");
        }
        let device = phone.token.as_ref().expect("signed in").expose().to_owned();
        let session_text = phone.session.as_ref().expect("open").expose().to_owned();
        let hashed = [SessionToken::PREFIX.as_bytes(), &session_text.as_bytes()[31..]].concat();
        then(&mut phone);
        Self {
            person: world.directory.get(anna).expect("known"),
            record: world.store.bytes(&Key::account(anna)).expect("stored"),
            device: DeviceToken::parse(&device).expect("a token"),
            session: SessionToken::parse(&session_text).expect("a token"),
            block: [std::array::from_fn(|at| hashed.get(at).copied().unwrap_or(0))],
            hashed,
            session_text,
            next_session: SessionToken::from_secret(anna, &mut [4; 32]),
            entry: pin(PIN).expect("digits"),
            request: if twice {
                read(anna, BOLT, Function::TravelExpenseReports)
            } else {
                read(anna, ACME, Function::SalaryInformation)
            },
            administrator: an_administrator(&world),
            invitation: InvitationToken::from_secret(anna, &mut [2; 32]),
            peppers: PepperRing::without_pepper(),
            policy: roomy(),
            dates: world.directory.today(),
            now: world.clock.now().expect("it goes").plus(seconds(1)),
            settlement: None,
            new_pin: None,
            hasher: QuickHasher::default(),
        }
    }

    /// The account, read back from the store.
    pub fn account(&self) -> Account {
        Account::decode(&self.record, self.person.id()).expect("readable")
    }

    /// The time, the default policy with room for 64 devices, and a request of an unmodified device.
    pub const fn context(&self) -> Context<'_> {
        Context { now: Some(self.now), policy: &self.policy, request: UNMODIFIED }
    }

    /// What is known of the person.
    pub const fn facts(&self) -> Facts<'_> {
        Facts { person: Some(&self.person), owner: None, dates: &self.dates }
    }

    /// Charges one guess.
    pub fn charge(&self, account: &mut Account) -> Option<Charge> {
        let draw = UnlockAttempt { attempt: AttemptId::from_bytes([9; 16]), salt: [8; 16] };
        account
            .charge_unlock(&self.device, &self.entry, draw, &self.peppers, &self.facts(), &self.context())
            .ok()
    }

    /// Settles the guess that was compared; the code, if it is refused.
    pub fn settle(&self, account: &mut Account) -> Result<(), RefusalCode> {
        let settlement = self.settlement.as_ref().expect("a scene with a compared guess");
        let settled = account.settle_unlock(settlement, &self.next_session, &self.facts(), &self.context());
        settled.map_err(|refusal| refusal.code())
    }

    /// Takes the PIN that was hashed.
    pub fn create_pin(&self, account: &mut Account) -> bool {
        let pin = self.new_pin.as_ref().expect("a scene with a hashed PIN");
        account.create_pin(&self.device, pin, &self.next_session, &self.facts(), &self.context()).is_ok()
    }

    /// Signs the device in by bank credentials, under the token that it will ask with.
    pub fn authenticate(&self, account: &mut Account) -> bool {
        let start = AuthenticationStart::for_nobody(StartId::from_bytes([10; 16]), self.now);
        let method = AuthenticationMethod::BankCredentials;
        let evidence = StrongAuthentication::verified_by_host(start, self.person.id(), method);
        let label = DeviceLabel::new("phone").expect("short");
        let sign_in = SignIn { evidence, label, known: None, invitation: None };
        account.authenticate(&sign_in, NEW_DEVICE, &self.device, &self.facts(), &self.context()).is_ok()
    }

    /// Opens the lock by a recognised face.
    pub fn unlock_by_face(&self, account: &mut Account) -> bool {
        let baseline = Some(Baseline::of(FACES));
        let assertion = BiometricAssertion { modality: Modality::Face, recognised: true, baseline };
        account
            .unlock_with_biometric(
                &self.device,
                &assertion,
                &self.next_session,
                &self.facts(),
                &self.context(),
            )
            .is_ok()
    }

    /// Invites the person.
    pub fn invite(&self, account: &mut Account) -> bool {
        account.invite(&self.administrator, &self.invitation, &self.facts(), &self.context()).is_ok()
    }

    fn hashing(&self) -> Hashing<'_> {
        Hashing { hasher: &self.hasher, params: HashParams::DEFAULT, peppers: &self.peppers }
    }
}

/// The default policy, with room for 64 devices.
fn roomy() -> Policy {
    Policy::builder().device_limit(MOST_DEVICES).build().expect("in bounds")
}

fn read(person: PersonId, company: CompanyId, function: Function) -> Request {
    Request { company, action: Action::Read, function, owner: person }
}

fn an_administrator(world: &World) -> Administrator {
    let actor = world.administrator(ACME);
    world.gate.blocking().administrator(&actor.session(), actor.company).expect("has the role")
}
