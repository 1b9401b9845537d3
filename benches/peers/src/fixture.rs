//! Accounts, people and tokens, all computed from a number, so that a million of them need no list.

use pinlatch::account::{
    Account, AuthenticationStart, Context, DeviceLabel, Facts, PinEntries, Policy, SignIn,
    StrongAuthentication,
};
use pinlatch::id::{AttemptId, CompanyId, CredentialId, DeviceId, PersonId, StartId, WriteId};
use pinlatch::people::{
    AuthenticationMethod, ChargeableService, Employment, LocalDates, Person, Profile, UserAccess,
};
use pinlatch::pin::{
    HashInput, HasherError, Hashing, Pepper, PepperId, PepperRing, PersonalWords, Pin, PinDraw, PinHasher,
};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{ACME, BOLT, PIN, UNMODIFIED, since_last_year, today};

/// Noon of the testkit's day: 2026-11-22T12:00:00Z.
pub const NOW: Timestamp = Timestamp::from_unix_seconds(1_795_348_800);

/// Numbers that look random and are the same in every run (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub struct Numbers(pub u64);

impl Numbers {
    /// The next number.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// The next number below `limit`.
    pub const fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}

/// SplitMix64's output function: one to one, and scrambles.
pub const fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// A secret of 32 bytes for each number. Worthless as a secret.
pub fn secret(number: u64) -> [u8; 32] {
    let mut numbers = Numbers(number);
    let mut secret = [0; 32];
    secret.as_chunks_mut::<8>().0.iter_mut().for_each(|word| *word = numbers.next().to_le_bytes());
    secret
}

/// The person with this number; ids are spread over all 128 bits, as those of UUIDs are.
pub const fn person_id(number: u64) -> PersonId {
    PersonId::from_u128(((mix(number) as u128) << 64) | mix(!number) as u128)
}

/// The session token of that person's device.
pub fn session_token(person: u64, device: u64) -> SessionToken {
    SessionToken::from_secret(person_id(person), &mut secret(person << 8 | device))
}

/// The device token of that person's device.
pub fn device_token(person: u64, device: u64) -> DeviceToken {
    DeviceToken::from_secret(person_id(person), &mut secret(!(person << 8 | device)))
}

/// The host's choices, and what accounts are made with.
#[derive(Debug)]
pub struct Fixture {
    /// Up to 64 devices, the rest as by default.
    pub policy: Policy,
    /// One pepper.
    pub peppers: PepperRing,
    /// The testkit's day, everywhere.
    pub dates: LocalDates,
}

impl Fixture {
    /// The choices.
    pub fn new() -> Self {
        let pepper = Pepper::new(&[0x5a; 32]).expect("long enough");
        Self {
            policy: Policy::builder().device_limit(64).build().expect("within bounds"),
            peppers: PepperRing::new(PepperId::from_number(1), pepper),
            dates: LocalDates::everywhere(today()),
        }
    }

    /// What the directory says of that person.
    pub const fn facts<'a>(&'a self, person: &'a Person) -> Facts<'a> {
        Facts { person: Some(person), owner: None, dates: &self.dates }
    }

    /// The circumstances of a command at which everything is well.
    pub const fn context(&self) -> Context<'_> {
        Context { now: Some(NOW), policy: &self.policy, request: UNMODIFIED }
    }

    /// Hashing with a hasher of the caller's choice.
    pub fn hashing<'a>(&'a self, hasher: &'a dyn PinHasher) -> Hashing<'a> {
        Hashing { hasher, params: self.policy.hash_params(), peppers: &self.peppers }
    }

    /// The account of that person with so many open devices, as if just written: no event waits.
    pub fn account(&self, person: u64, devices: u64) -> Account {
        let employee = employee(person);
        let facts = self.facts(&employee);
        let mut account = Account::new(person_id(person));
        for device in 0..devices {
            self.open_device(&mut account, person, (device, devices - 1 - device), &facts);
        }
        account.stamp(WriteId::from_bytes([1; 16])).expect("a new id");
        deliver(&mut account);
        account
    }

    /// One device a minute, the last one now: an account remembers its last eight sign-ins, and takes
    /// no more of them within the two minutes by which hosts' clocks may differ.
    fn open_device(
        &self,
        account: &mut Account,
        person: u64,
        (device, after): (u64, u64),
        facts: &Facts<'_>,
    ) {
        let signed_in = Timestamp::from_unix_millis(NOW.as_unix_millis() - after * 60_000);
        let context = Context { now: Some(signed_in), ..self.context() };
        let number = u128::from(person) << 64 | u128::from(device);
        let start = AuthenticationStart::for_nobody(StartId::from_u128(number), signed_in);
        let method = AuthenticationMethod::BankCredentials;
        let sign_in = SignIn {
            evidence: StrongAuthentication::verified_by_host(start, person_id(person), method),
            label: DeviceLabel::new("Anna's phone").expect("a label"),
            known: None,
            invitation: None,
        };
        let token = device_token(person, device);
        account
            .authenticate(&sign_in, DeviceId::from_u128(number), &token, facts, &context)
            .expect("eligible");
        let entry = || Pin::parse(PIN).expect("digits");
        let entries = PinEntries { pin: entry(), confirmation: entry() };
        let draw = PinDraw {
            attempt: AttemptId::from_u128(number),
            credential: CredentialId::from_u128(number),
            salt: [3; 16],
        };
        let claim = account.claim_pin(&token, &entries, &PersonalWords::none(), draw, facts, &context);
        // Nothing is stored here: the account stays in memory until it is as wanted.
        let plan = claim.expect("a good PIN").assert_written();
        let created = plan.make(&self.hashing(&CopyingHasher)).expect("hashed");
        let session = session_token(person, device);
        account.create_pin(&token, &created, &session, facts, &context).expect("waits for its PIN");
    }
}

/// The journal has taken every event.
pub fn deliver(account: &mut Account) {
    if let Some(last) = account.outbox().last().map(|event| event.id) {
        account.delivered_through(last);
    }
}

/// An employee of one company with both services, and no user.
pub fn employee(person: u64) -> Person {
    Person::new(person_id(person)).with_bank_credentials().with_employment(job(ACME))
}

/// An employee of two companies, and a user of the second with the profile "Employee".
pub fn employee_of_two(person: u64) -> Person {
    let access = UserAccess::new(BOLT, since_last_year()).with_profile(Profile::Employee);
    employee(person).with_employment(job(BOLT)).with_user_access(access)
}

/// An employment with both services.
pub fn job(company: CompanyId) -> Employment {
    Employment::new(company, since_last_year())
        .with_service(ChargeableService::Salaries)
        .with_service(ChargeableService::Travel)
}

/// Copies a constant that depends on the PIN's last digit: what is left is all of ours.
#[derive(Clone, Copy, Debug)]
pub struct CopyingHasher;

impl PinHasher for CopyingHasher {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        *out = [*input.message.last().ok_or(HasherError::Failed)?; 32];
        Ok(())
    }
}
