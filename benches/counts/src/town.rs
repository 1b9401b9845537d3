//! Many people with one phone each, on a store in memory, and what a day of theirs leaves behind.

use std::sync::Arc;

use pinlatch::account::{BeginFor, DeviceLabel, PinEntries, SignIn, StrongAuthentication, Wanted};
use pinlatch::gate::{BlockingGate, Gate, GateError};
use pinlatch::host::{Blocking, BlockingDirectory, Host, HostParts, Inline};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch::time::Timestamp;
use pinlatch_testkit::{
    ACME, ManualClock, PIN, QuickHasher, SeededRandomness, UNMODIFIED, Unavailable, WRONG_PIN, hours, person,
    pin, since_last_year, today,
};

use crate::allocator::live_bytes;
use crate::forgetful::Forgetful;
use crate::host::{CountedStore, Counter};

/// What an account with one device may take in memory, in bytes, everything included. 510 were measured
/// with a hundred thousand accounts and 523 with two thousand, 462 of them the record: the first release
/// took 394 of 400, and its records held no ledger of guesses, no time line and no days of relations.
pub const BUDGET_BYTES: u64 = 576;

/// Knows everybody as an employee, and keeps nothing: the directory is not what is measured.
#[derive(Clone, Copy, Debug)]
pub struct Everybody;

impl BlockingDirectory for Everybody {
    type Error = Unavailable;

    fn person(&self, id: PersonId) -> Result<Option<Person>, Unavailable> {
        let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Salaries);
        Ok(Some(Person::new(id).with_bank_credentials().with_employment(job)))
    }

    fn dates(&self, _person: &Person) -> LocalDates {
        LocalDates::everywhere(today())
    }
}

/// What a phone keeps. It is on the phone, so it is not counted.
#[derive(Debug)]
struct Phone {
    token: DeviceToken,
    session: SessionToken,
}

/// The people, their phones, and the host.
#[derive(Debug)]
pub struct Town<H: Host> {
    gate: Gate<H>,
    clock: Arc<ManualClock>,
    counter: Counter,
    phones: Vec<Phone>,
    live_when_empty: i64,
}

/// What the host holds for all accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Bytes asked of the allocator and not given back.
    pub live: i64,
    /// Bytes of the records among them.
    pub records: i64,
}

/// So many people, each just signed in on one phone, the app open.
#[must_use]
pub fn town_of(people: u32) -> Town<impl Host> {
    let clock = Arc::new(ManualClock::at(Timestamp::from_unix_seconds(1_795_348_800)));
    let counter = Counter::default();
    let host = HostParts {
        store: Blocking(CountedStore::new(counter.clone())),
        clock: Arc::clone(&clock),
        directory: Blocking(Everybody),
        journal: Blocking(Forgetful),
        offload: Inline,
        randomness: SeededRandomness::new(4),
    };
    let gate = Gate::builder(host).hasher(QuickHasher::default());
    let gate = gate.peppers(PepperRing::without_pepper()).build().expect("everything is said");
    let phones = Vec::with_capacity(people as usize);
    let mut town = Town { gate, clock, counter, phones, live_when_empty: live_bytes() };
    for number in 0..people {
        let phone = sign_in(town.gate.blocking(), person(u128::from(number))).expect("eligible");
        town.phones.push(phone);
    }
    town
}

impl<H: Host> Town<H> {
    /// What the host holds now.
    #[must_use]
    pub fn held(&self) -> Held {
        Held { live: live_bytes() - self.live_when_empty, records: self.counter.stored_bytes() }
    }

    /// Bytes for each account, rounded up.
    #[must_use]
    pub fn per_account(&self, bytes: i64) -> u64 {
        u64::try_from(bytes).unwrap_or(0).div_ceil(self.phones.len() as u64)
    }

    /// Everybody locks and unlocks until a record remembers as many writes as it ever does, and the
    /// app is open. From here on a record has its full size.
    pub fn settle_in(&mut self) {
        for phone in &mut self.phones {
            for _ in 0..3 {
                lock(self.gate.blocking(), phone);
                unlock(self.gate.blocking(), phone);
            }
        }
    }

    /// Everybody goes to bed: the app is locked.
    pub fn lock_up(&mut self) {
        self.phones.iter().for_each(|phone| lock(self.gate.blocking(), phone));
    }

    /// 24 hours, from locked to locked. Everybody uses the app twice: mistypes up to three times,
    /// unlocks, looks at something three times, and locks. At noon one in ten logs out and signs in
    /// again.
    pub fn live_through_a_day(&mut self) {
        let gate = self.gate.blocking();
        for hour in 0..24_usize {
            self.clock.advance(hours(1));
            for (number, phone) in self.phones.iter_mut().enumerate() {
                if (number + hour) % 12 == 0 {
                    use_the_app(gate, phone, number % 4);
                }
                if hour == 12 && number % 10 == 0 {
                    gate.log_out(&phone.token, &UNMODIFIED).expect("signed in");
                    *phone = sign_in(gate, phone.token.person()).expect("eligible");
                    lock(gate, phone);
                }
            }
        }
    }
}

fn sign_in(gate: BlockingGate<'_, impl Host>, anna: PersonId) -> Result<Phone, GateError> {
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED)?.start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("Anna's phone").expect("short");
    let signed_in =
        gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &UNMODIFIED)?;
    let entry = || pin(PIN).expect("six digits");
    let entries = PinEntries { pin: entry(), confirmation: entry() };
    let session = gate.create_pin(&signed_in.token, &entries, &PersonalWords::none(), &UNMODIFIED)?;
    Ok(Phone { token: signed_in.token, session })
}

fn lock(gate: BlockingGate<'_, impl Host>, phone: &Phone) {
    gate.lock(&phone.token, &UNMODIFIED).expect("open");
}

fn unlock(gate: BlockingGate<'_, impl Host>, phone: &mut Phone) {
    let right = pin(PIN).expect("six digits");
    phone.session = gate.unlock_with_pin(&phone.token, &right, &UNMODIFIED).expect("right");
}

fn use_the_app(gate: BlockingGate<'_, impl Host>, phone: &mut Phone, mistyped: usize) {
    let dead = gate.check(&phone.session, Wanted::session(), &UNMODIFIED);
    assert_eq!(dead.map_err(|error| error.code()), Err(RefusalCode::SessionRequired));
    let wrong = pin(WRONG_PIN).expect("six digits");
    for _ in 0..mistyped {
        let refused = gate.unlock_with_pin(&phone.token, &wrong, &UNMODIFIED);
        assert_eq!(refused.map(|_| ()).map_err(|error| error.code()), Err(RefusalCode::IncorrectPin));
    }
    unlock(gate, phone);
    for _ in 0..3 {
        let _grant = gate.check(&phone.session, Wanted::session(), &UNMODIFIED).expect("open");
    }
    lock(gate, phone);
}
