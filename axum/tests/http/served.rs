//! A host in memory, served on a port of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use pinlatch::account::Policy;
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, StoredDirectory};
use pinlatch::id::PersonId;
use pinlatch::people::{ChargeableService, Employment, LocalDates, Person, Role, UserAccess};
use pinlatch::pin::{Pepper, PepperId, PepperRing, PinHasher};
use pinlatch::record::StoredVersion;
use pinlatch_axum::parts::ready::{
    DeviceSaysSo, EveryDeviceUnmodified, KeptInvitations, NoWords, PersonInHeader, TestBank,
};
use pinlatch_axum::running::{BoundedPool, MeteredStore};
use pinlatch_axum::{App, AppBuilder, admin_routes, app_routes, openapi, people_routes, with_problems};
use pinlatch_testkit::{
    ACME, CollectingJournal, ManualClock, MemoryStore, QuickHasher, SeededRandomness, person,
    since_last_year, today,
};
use tokio::net::TcpListener;

type Dates = fn(&Person) -> LocalDates;

/// The host: all in memory, with a directory that changes people.
pub(crate) type TestHost = HostParts<
    MeteredStore<Blocking<Arc<MemoryStore>>>,
    Arc<ManualClock>,
    StoredDirectory<Blocking<Arc<MemoryStore>>, Dates>,
    Blocking<Arc<CollectingJournal>>,
    BoundedPool,
    SeededRandomness,
>;

/// What a test looks into.
pub(crate) struct Served {
    pub(crate) address: SocketAddr,
    pub(crate) app: App<TestHost>,
    pub(crate) gate: Arc<Gate<TestHost>>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) journal: Arc<CollectingJournal>,
    pub(crate) hasher: QuickHasher,
    pub(crate) invitations: Arc<KeptInvitations>,
    people: AtomicU64,
}

/// A gate in memory with what is behind it; the same seed draws the same tokens.
pub(crate) struct Parts {
    pub(crate) gate: Arc<Gate<TestHost>>,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) journal: Arc<CollectingJournal>,
    pub(crate) hasher: QuickHasher,
}

pub(crate) fn gate(seed: u64, other: Option<Box<dyn PinHasher>>) -> Parts {
    let (store, clock) = (Arc::new(MemoryStore::new()), Arc::new(ManualClock::default()));
    let (journal, hasher) = (Arc::new(CollectingJournal::new()), QuickHasher::new());
    let dates: Dates = |_| LocalDates::everywhere(today());
    let host = HostParts {
        store: MeteredStore(Blocking(Arc::clone(&store))),
        clock: Arc::clone(&clock),
        directory: StoredDirectory::new(Blocking(Arc::new(MemoryStore::new())), dates),
        journal: Blocking(Arc::clone(&journal)),
        offload: BoundedPool::with_slots(8.try_into().unwrap()),
        randomness: SeededRandomness::new(seed),
    };
    let peppers = PepperRing::new(PepperId::from_number(1), Pepper::new(&[7; 32]).unwrap());
    let builder = Gate::builder(host).peppers(peppers).policy(Policy::default());
    let builder = builder.writes_version(StoredVersion::V2);
    let builder = match other {
        Some(other) => builder.hasher(Boxed(other)),
        None => builder.hasher(hasher.clone()),
    };
    Parts { gate: Arc::new(builder.build().unwrap()), store, clock, journal, hasher }
}

struct Boxed(Box<dyn PinHasher>);

impl PinHasher for Boxed {
    fn hash(
        &self,
        input: &pinlatch::pin::HashInput<'_>,
        out: &mut [u8; 32],
    ) -> Result<(), pinlatch::pin::HasherError> {
        self.0.hash(input, out)
    }
}

impl Served {
    pub(crate) async fn start() -> Self {
        Self::start_with(gate(1, None), |app| app).await
    }

    /// With other parts.
    pub(crate) async fn start_with(
        parts: Parts,
        change: impl FnOnce(AppBuilder<TestHost>) -> AppBuilder<TestHost>,
    ) -> Self {
        Self::start_beside(parts, change, |_| Router::new()).await
    }

    /// With routes of the host's own beside.
    pub(crate) async fn start_beside(
        parts: Parts,
        change: impl FnOnce(AppBuilder<TestHost>) -> AppBuilder<TestHost>,
        beside: impl FnOnce(&App<TestHost>) -> Router,
    ) -> Self {
        let Parts { gate, store, clock, journal, hasher } = parts;
        let invitations = Arc::new(KeptInvitations::default());
        let sent: Arc<KeptInvitations> = Arc::clone(&invitations);
        let builder = App::builder(Arc::clone(&gate))
            .verifying(TestBank)
            .attesting(EveryDeviceUnmodified)
            .knowing_words(NoWords)
            .with_biometrics(DeviceSaysSo)
            .with_browser(PersonInHeader)
            .sending_invitations(sent);
        let app = change(builder).build();
        let router = router(&app).merge(beside(&app));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let people = AtomicU64::new(1_000);
        Self { address, app, gate, store, clock, journal, hasher, invitations, people }
    }

    /// Puts a person into the directory.
    pub(crate) async fn knows(&self, change: impl Fn(Person) -> Person + Send + Sync) -> PersonId {
        let id = person(self.people.fetch_add(1, Ordering::Relaxed).into());
        knows(&self.gate, id, change).await;
        id
    }

    /// An employee of ACME with both services and bank credentials.
    pub(crate) async fn employee(&self) -> PersonId {
        self.knows(employee).await
    }

    /// A user administrator of ACME.
    pub(crate) async fn administrator(&self) -> PersonId {
        self.knows(|person| {
            let access = UserAccess::new(ACME, since_last_year()).with_role(Role::UserAdministrator);
            person.with_bank_credentials().with_user_access(access)
        })
        .await
    }
}

pub(crate) async fn knows(
    gate: &Gate<TestHost>,
    id: PersonId,
    change: impl Fn(Person) -> Person + Send + Sync,
) {
    gate.host().directory.change(id, |person| Ok(change(person))).await.unwrap();
}

pub(crate) fn employee(person: Person) -> Person {
    let job = Employment::new(ACME, since_last_year())
        .with_service(ChargeableService::Salaries)
        .with_service(ChargeableService::Travel);
    person.with_bank_credentials().with_employment(job)
}

pub(crate) fn router(app: &App<TestHost>) -> Router {
    let document = openapi::document("/app", "/admin", true);
    let routes = Router::new()
        .nest("/app", app_routes(app.clone()))
        .nest("/admin", admin_routes(app.clone()).merge(people_routes(app.clone())))
        .merge(openapi::serve("/openapi.json", &document));
    with_problems(routes, app)
}
