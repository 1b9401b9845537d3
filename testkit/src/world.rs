//! A host in memory: every part under the test's hand.

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

use pinlatch::access::BrowserSession;
use pinlatch::account::{Account, IssuedInvitation, Policy};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, Host, Inline, Key};
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::people::{ChargeableService, Employment, Person, Profile, Role, UserAccess};
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::record::StoredVersion;
use pinlatch::refusal::RefusalCode;

use super::clock::ManualClock;
use super::directory::MemoryDirectory;
use super::hasher::QuickHasher;
use super::journal::CollectingJournal;
use super::people::{ACME, person, since_last_year, today};
use super::randomness::SeededRandomness;
use super::store::MemoryStore;

/// The host of a [`World`]: its parts, shared with the world that looks into them.
#[derive(Debug)]
pub struct TestHost {
    store: Blocking<Arc<MemoryStore>>,
    clock: Arc<ManualClock>,
    directory: Blocking<Arc<MemoryDirectory>>,
    journal: Blocking<Arc<CollectingJournal>>,
    randomness: SeededRandomness,
}

impl Host for TestHost {
    type Store = Blocking<Arc<MemoryStore>>;
    type Clock = Arc<ManualClock>;
    type Directory = Blocking<Arc<MemoryDirectory>>;
    type Journal = Blocking<Arc<CollectingJournal>>;
    type Offload = Inline;
    type Randomness = SeededRandomness;

    fn store(&self) -> &Self::Store {
        &self.store
    }

    fn clock(&self) -> &Self::Clock {
        &self.clock
    }

    fn directory(&self) -> &Self::Directory {
        &self.directory
    }

    fn journal(&self) -> &Self::Journal {
        &self.journal
    }

    fn offload(&self) -> &Inline {
        &Inline
    }

    fn randomness(&self) -> &SeededRandomness {
        &self.randomness
    }
}

/// Somebody in the browser version, acting for a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InBrowser {
    /// Who is signed in there.
    pub person: PersonId,
    /// The company acted for.
    pub company: CompanyId,
}

impl InBrowser {
    /// The browser session, which the test says is one.
    #[must_use]
    pub const fn session(&self) -> BrowserSession {
        BrowserSession::verified_by_host(self.person)
    }
}

/// A host with everything in memory, on the 22nd of November 2026.
#[derive(Debug)]
pub struct World {
    /// The gate.
    pub gate: Gate<TestHost>,
    /// The store behind it.
    pub store: Arc<MemoryStore>,
    /// Its clock.
    pub clock: Arc<ManualClock>,
    /// Its directory.
    pub directory: Arc<MemoryDirectory>,
    /// Its journal.
    pub journal: Arc<CollectingJournal>,
    /// Its hasher.
    pub hasher: QuickHasher,
    people: Mutex<u128>,
    writes: StoredVersion,
}

/// Builds a [`World`] with another policy, pepper or seed.
#[derive(Debug)]
#[must_use]
pub struct WorldBuilder {
    policy: Policy,
    peppers: PepperRing,
    writes: StoredVersion,
    seed: u64,
    store: Arc<MemoryStore>,
    directory: Arc<MemoryDirectory>,
    journal: Arc<CollectingJournal>,
    clock: Arc<ManualClock>,
    /// How many people there are, so that a restarted host gives no number twice.
    people: u128,
}

impl Default for World {
    fn default() -> Self {
        Self::builder().build()
    }
}

impl World {
    /// A world with the default policy and a pepper.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A world of one's own making.
    pub fn builder() -> WorldBuilder {
        // A test pepper of a valid length; without one only if that length were refused.
        let peppers = Pepper::new(&[0x5a; 32]).map_or_else(
            |_| PepperRing::without_pepper(),
            |key| PepperRing::new(PepperId::from_number(1), key),
        );
        WorldBuilder {
            policy: Policy::default(),
            peppers,
            writes: StoredVersion::WRITTEN,
            seed: 1,
            store: Arc::new(MemoryStore::new()),
            directory: Arc::new(MemoryDirectory::on(today())),
            journal: Arc::new(CollectingJournal::new()),
            clock: Arc::default(),
            people: 1_000,
        }
    }

    /// The same host after a restart: store, clock, directory and journal stay, and the version that it writes;
    /// everything in memory of the gate is gone. Policy and pepper are those of a new world, unless said.
    pub fn restarted(&self, seed: u64) -> WorldBuilder {
        WorldBuilder {
            store: Arc::clone(&self.store),
            directory: Arc::clone(&self.directory),
            journal: Arc::clone(&self.journal),
            clock: Arc::clone(&self.clock),
            people: *self.people.lock(),
            writes: self.writes,
            seed,
            ..Self::builder()
        }
    }

    /// Lets time pass.
    pub fn wait(&self, span: Duration) {
        self.clock.advance(span);
    }

    /// Somebody new, known to nobody's directory yet.
    pub fn stranger(&self) -> Person {
        let mut people = self.people.lock();
        *people = people.saturating_add(1);
        Person::new(person(*people))
    }

    /// Adds a person to the directory, or replaces what it knows.
    pub fn knows(&self, person: Person) -> PersonId {
        let id = person.id();
        self.directory.put(person);
        id
    }

    /// Changes what the directory knows of a person.
    pub fn change(&self, id: PersonId, change: impl FnOnce(Person) -> Person) {
        if let Some(person) = self.directory.get(id) {
            self.directory.put(change(person));
        }
    }

    /// An employee of ACME with Salaries and Travel and bank credentials, who is no user.
    pub fn employee(&self) -> PersonId {
        self.knows(self.stranger().with_bank_credentials().with_employment(employment(ACME)))
    }

    /// The same without bank credentials: a foreign user.
    pub fn foreign_employee(&self) -> PersonId {
        self.knows(self.stranger().with_employment(employment(ACME)))
    }

    /// A user of ACME who is no employee, with this profile.
    pub fn user(&self, profile: Profile) -> PersonId {
        let access = UserAccess::new(ACME, since_last_year()).with_profile(profile);
        self.knows(self.stranger().with_bank_credentials().with_user_access(access))
    }

    /// A user administrator of that company, in the browser.
    pub fn administrator(&self, company: CompanyId) -> InBrowser {
        let access = UserAccess::new(company, since_last_year()).with_role(Role::UserAdministrator);
        let person = self.knows(self.stranger().with_bank_credentials().with_user_access(access));
        InBrowser { person, company }
    }

    /// Invites a person, by a new user administrator of ACME.
    ///
    /// # Errors
    /// If the rules refuse it.
    pub fn invited(&self, person: PersonId) -> Result<IssuedInvitation, RefusalCode> {
        let administrator = self.administrator(ACME);
        let gate = self.gate.blocking();
        gate.invite(&administrator.session(), ACME, person).map_err(|error| error.code())
    }

    /// The account as it is stored; `None` if it is not, or cannot be read.
    #[must_use]
    pub fn account(&self, person: PersonId) -> Option<Account> {
        Account::decode(&self.store.bytes(&Key::account(person))?, person).ok()
    }
}

/// An employment with both services.
fn employment(company: CompanyId) -> Employment {
    Employment::new(company, since_last_year())
        .with_service(ChargeableService::Salaries)
        .with_service(ChargeableService::Travel)
}

impl WorldBuilder {
    /// With this policy.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// With these peppers.
    pub fn peppers(mut self, peppers: PepperRing) -> Self {
        self.peppers = peppers;
        self
    }

    /// Writing this version of the stored form.
    pub const fn writes_version(mut self, version: StoredVersion) -> Self {
        self.writes = version;
        self
    }

    /// With a store that keeps the events itself: see [`MemoryStore::events`].
    pub fn taking_events(mut self) -> Self {
        self.store = Arc::new(MemoryStore::taking_events());
        self
    }

    /// With this seed of randomness.
    pub const fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// The world.
    ///
    /// # Panics
    /// Never: every choice that a gate asks for is made.
    #[must_use]
    pub fn build(self) -> World {
        let Self { policy, peppers, writes, seed, store, directory, journal, clock, people } = self;
        let hasher = QuickHasher::default();
        let host = TestHost {
            store: Blocking(Arc::clone(&store)),
            clock: Arc::clone(&clock),
            directory: Blocking(Arc::clone(&directory)),
            journal: Blocking(Arc::clone(&journal)),
            randomness: SeededRandomness::new(seed),
        };
        let gate = Gate::builder(host).hasher(hasher.clone()).peppers(peppers).policy(policy);
        let gate = gate.writes_version(writes).build().expect("peppers are given");
        World { gate, store, clock, directory, journal, hasher, people: Mutex::new(people), writes }
    }
}
