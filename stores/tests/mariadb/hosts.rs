//! A gate whose accounts, people and trail are all in one store, and somebody who signs in there.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use pinlatch::account::{BeginFor, DeviceLabel, Event, PinEntries, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{
    ChangesPeople, Expect, Host, HostParts, Inline, Key, Loaded, PeopleJournal, Store, StoredDirectory, Swap,
    SystemClock, SystemRandomness,
};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod::BankCredentials;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person};
use pinlatch::pin::{PepperRing, PersonalWords};
use pinlatch::secret::{DeviceToken, SessionToken};
use pinlatch_stores::mariadb::{MariaDbError, MariaDbStore};
use pinlatch_testkit::{ACME, PIN, QuickHasher, UNMODIFIED, day, pin, since_last_year};

/// Counts what the gate asks of a store.
#[derive(Clone)]
pub(crate) struct Counted {
    store: MariaDbStore,
    loads: Arc<AtomicU64>,
    swaps: Arc<AtomicU64>,
}

impl Counted {
    pub(crate) fn on(store: MariaDbStore) -> Self {
        Self { store, loads: Arc::default(), swaps: Arc::default() }
    }

    /// Loads and swaps since the last time.
    pub(crate) fn asked(&self) -> [u64; 2] {
        [&self.loads, &self.swaps].map(|count| count.swap(0, Ordering::Relaxed))
    }
}

impl Store for Counted {
    type Error = MariaDbError;

    async fn load(&self, key: &Key) -> Result<Option<Loaded>, MariaDbError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        self.store.load(key).await
    }

    async fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, MariaDbError> {
        self.swaps.fetch_add(1, Ordering::Relaxed);
        self.store.compare_and_swap(key, expect, bytes, events).await
    }

    fn takes_events(&self) -> bool {
        self.store.takes_events()
    }
}

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

/// A gate on this store, and what compares its PINs.
pub(crate) fn gate(
    counted: &Counted,
) -> (Gate<impl Host<Directory: ChangesPeople, Journal: PeopleJournal> + 'static>, QuickHasher) {
    let host = HostParts {
        store: counted.clone(),
        clock: SystemClock,
        directory: StoredDirectory::new(counted.clone(), today),
        journal: counted.store.clone(),
        offload: Inline,
        randomness: SystemRandomness,
    };
    let hasher = QuickHasher::new();
    let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).hasher(hasher.clone()).build();
    (gate.unwrap(), hasher)
}

/// Makes an employee.
pub(crate) async fn hire(store: &MariaDbStore, anna: PersonId) {
    let job = Employment::new(ACME, since_last_year()).with_service(ChargeableService::Travel);
    let hired = |new: Person| Ok(new.with_bank_credentials().with_employment(job));
    StoredDirectory::new(store.clone(), today).change(anna, hired).await.unwrap();
}

/// The employee authenticates and has a PIN to create.
pub(crate) async fn authenticated<H: Host>(gate: &Gate<H>, anna: PersonId) -> DeviceToken {
    let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start;
    let evidence = StrongAuthentication::verified_by_host(start, anna, BankCredentials);
    let label = DeviceLabel::new("phone").unwrap();
    let sign_in = SignIn { evidence, label, known: None, invitation: None };
    gate.authenticate(sign_in, &UNMODIFIED).await.unwrap().token
}

/// The employee creates a PIN, and is in.
pub(crate) async fn with_pin<H: Host>(gate: &Gate<H>, token: &DeviceToken) -> SessionToken {
    let entries = PinEntries { pin: pin(PIN).unwrap(), confirmation: pin(PIN).unwrap() };
    gate.create_pin(token, &entries, &PersonalWords::none(), &UNMODIFIED).await.unwrap()
}

/// A new employee, signed in.
pub(crate) async fn opened<H: Host>(
    gate: &Gate<H>,
    store: &MariaDbStore,
    anna: PersonId,
) -> (DeviceToken, SessionToken) {
    hire(store, anna).await;
    let token = authenticated(gate, anna).await;
    let session = with_pin(gate, &token).await;
    (token, session)
}
