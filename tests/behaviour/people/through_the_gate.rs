//! "Users and roles" through the gate: person, event and number in one write, handed over after it (I11).

use std::collections::BTreeSet;
use std::sync::Arc;

use pinlatch::access::users_and_roles::{EmploymentChoice, PeopleChange};
use pinlatch::access::{BrowserSession, PeopleEntry};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline, Key, StoredDirectory};
use pinlatch::people::{
    ChargeableService, LocalDates, Person, Profile, Role, ServiceSelection, Services, Validity,
};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode;
use pinlatch_testkit::faults::{Fault, FaultyStore};
use pinlatch_testkit::{
    ACME, BOLT, CollectingJournal, ManualClock, MemoryStore, QuickHasher, SeededRandomness, day, person,
    today,
};

use crate::given::*;

const EVERY: EmploymentChoice = EmploymentChoice::Every;

type People = StoredDirectory<Arc<FaultyStore<Blocking<Arc<MemoryStore>>>>, fn(&Person) -> LocalDates>;
type Parts = HostParts<
    Blocking<Arc<MemoryStore>>,
    Arc<ManualClock>,
    Arc<People>,
    Blocking<Arc<CollectingJournal>>,
    Inline,
    SeededRandomness,
>;

struct Office {
    gate: Gate<Parts>,
    journal: Arc<CollectingJournal>,
    store: Arc<MemoryStore>,
    people: Arc<People>,
}

fn on_sunday(_: &Person) -> LocalDates {
    LocalDates::everywhere(today())
}

impl Office {
    fn with(store: &Arc<MemoryStore>, seed: u64, faults: impl IntoIterator<Item = Fault>) -> Self {
        let faulty = Arc::new(FaultyStore::script(Blocking(Arc::clone(store)), faults));
        let people: Arc<People> =
            Arc::new(StoredDirectory::new(faulty, on_sunday as fn(&Person) -> LocalDates));
        let journal = Arc::new(CollectingJournal::new());
        let host = HostParts {
            store: Blocking(Arc::new(MemoryStore::new())),
            clock: Arc::new(ManualClock::default()),
            directory: Arc::clone(&people),
            journal: Blocking(Arc::clone(&journal)),
            offload: Inline,
            randomness: SeededRandomness::new(seed),
        };
        let gate = Gate::builder(host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper());
        Self { gate: gate.build().unwrap(), journal, store: Arc::clone(store), people }
    }

    /// Kaisa is ACME's first user administrator.
    fn open() -> Self {
        let office = Self::with(&Arc::new(MemoryStore::new()), 1, []);
        office.gate.blocking().establish_first_administrator(ACME, person(KAISA)).unwrap();
        office
    }

    fn changes(&self, of: u128) -> Vec<PeopleChange> {
        self.journal.people(person(of)).into_iter().map(|entry| entry.event.change).collect()
    }
}

const KAISA: u128 = 1;
const ANNA: u128 = 2;

fn kaisa() -> BrowserSession {
    BrowserSession::verified_by_host(person(KAISA))
}

#[test]
fn i11_every_command_of_users_and_roles_is_in_the_audit_trail_once() {
    let office = Office::open();
    let (gate, by, anna) = (office.gate.blocking(), kaisa(), person(ANNA));
    let since = Validity::from(today());
    gate.hire(&by, ACME, anna, since, Services::of(&[ChargeableService::Travel])).unwrap();
    gate.open_service(&by, ACME, anna, ChargeableService::Salaries, EVERY).unwrap();
    gate.close_service(&by, ACME, anna, ChargeableService::Travel, EVERY).unwrap();
    gate.establish_user(&by, ACME, anna, since).unwrap();
    gate.set_profile(&by, ACME, anna, Profile::Employee).unwrap();
    gate.grant_role(&by, ACME, anna, Role::CompanyAdministrator).unwrap();
    gate.revoke_role(&by, ACME, anna, Role::CompanyAdministrator).unwrap();
    gate.end_user_access(&by, ACME, anna, day(2026, 12, 31)).unwrap();
    let told = gate.end_employment(&by, ACME, anna, day(2026, 12, 31), EVERY).unwrap();

    let stored = office.people_now(ANNA);
    assert_eq!(stored, told, "answered is what is stored");
    let job = stored.employments()[0];
    assert_eq!(job.validity().last(), Some(day(2026, 12, 31)));
    let closed = ServiceSelection::ClosedAfter(day(2026, 11, 30));
    assert_eq!(job.selection(ChargeableService::Travel), closed);
    let expected = [
        PeopleChange::Hired(since, Services::of(&[ChargeableService::Travel])),
        PeopleChange::ServiceOpened(ChargeableService::Salaries, EVERY),
        PeopleChange::ServiceClosed(ChargeableService::Travel, EVERY),
        PeopleChange::UserEstablished(since),
        PeopleChange::ProfileSet(Profile::Employee),
        PeopleChange::RoleGranted(Role::CompanyAdministrator),
        PeopleChange::RoleRevoked(Role::CompanyAdministrator),
        PeopleChange::UserAccessEnded(day(2026, 12, 31)),
        PeopleChange::EmploymentEnded(day(2026, 12, 31), EVERY),
    ];
    assert_eq!(office.changes(ANNA), expected);
    let entries = office.journal.people(anna);
    assert_eq!(entries.iter().map(|entry| entry.sequence).collect::<Vec<_>>(), (0..9).collect::<Vec<_>>());
    let ids: BTreeSet<_> = entries.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), 9);
    assert!(
        entries
            .iter()
            .all(|entry| entry.history.as_bytes() == entries[0].id.write.as_bytes() && entry.at.is_some())
    );
    assert!(entries.iter().all(|entry| entry.event.by == Some(person(KAISA)) && entry.event.company == ACME));
    assert_eq!(gate.deliver_changes(anna).unwrap(), 0, "nothing waits");
    assert_eq!(office.journal.contradictions(), 0);
}

impl Office {
    fn people_now(&self, of: u128) -> Person {
        let bytes = self.store.bytes(&Key::person(person(of))).unwrap();
        Person::decode(&bytes, person(of)).unwrap()
    }
}

#[test]
fn i11_r36_a_refused_command_changes_nothing_and_is_one_refusal() {
    let office = Office::open();
    let (gate, anna) = (office.gate.blocking(), person(ANNA));
    let since = Validity::from(today());
    let of_bolt = gate.hire(&kaisa(), BOLT, anna, since, Services::EMPTY);
    assert_eq!(code(of_bolt).map(drop), Err(RefusalCode::NotAuthorised));
    gate.hire(&kaisa(), ACME, anna, since, Services::EMPTY).unwrap();
    let stored = office.store.bytes(&Key::person(anna));
    for (result, expected) in [
        (gate.set_profile(&kaisa(), ACME, anna, Profile::Employee), RefusalCode::NotAUser),
        (gate.hire(&kaisa(), ACME, anna, since, Services::EMPTY), RefusalCode::NothingToChange),
        (
            gate.establish_user(&BrowserSession::verified_by_host(anna), ACME, anna, since),
            RefusalCode::NotAuthorised,
        ),
    ] {
        assert_eq!(code(result).map(drop), Err(expected));
    }
    let own = gate.grant_role(&kaisa(), ACME, person(KAISA), Role::CompanyAdministrator);
    assert_eq!(code(own).map(drop), Err(RefusalCode::NotAuthorised), "D15");
    assert_eq!(office.store.bytes(&Key::person(anna)), stored);
    assert_eq!(office.changes(ANNA).len(), 1);
    let refusals: Vec<_> = office.journal.refusals(anna).iter().map(|refusal| refusal.code()).collect();
    let expected = [
        RefusalCode::NotAuthorised,
        RefusalCode::NotAUser,
        RefusalCode::NothingToChange,
        RefusalCode::NotAuthorised,
    ];
    assert_eq!(refusals, expected);
}

#[test]
fn i11_a_lost_reply_or_a_conflict_makes_one_change_and_one_event() {
    let faults =
        [Fault::ReplyLost, Fault::RequestLost, Fault::Conflict, Fault::ConflictThoughApplied, Fault::Late(2)];
    for fault in faults {
        let store = Arc::clone(&Office::open().store);
        // Kaisa is loaded, Anna is loaded, Anna is written.
        let office = Office::with(&store, 2, [Fault::Honest, Fault::Honest, fault]);
        let gate = office.gate.blocking();
        gate.hire(&kaisa(), ACME, person(ANNA), Validity::from(today()), Services::EMPTY).unwrap();
        assert_eq!(office.people_now(ANNA).employments().len(), 1, "{fault:?}");
        assert_eq!(office.changes(ANNA).len(), 1, "{fault:?}");
        assert_eq!(office.journal.contradictions(), 0);
    }
}

#[test]
fn i11_while_the_journal_is_down_changes_wait_then_nothing_is_raised_and_lowering_goes_on() {
    let office = Office::open();
    let (gate, by, anna) = (office.gate.blocking(), kaisa(), person(ANNA));
    gate.establish_user(&by, ACME, anna, Validity::from(today())).unwrap();
    office.journal.set_down(true);
    let role = Role::CompanyAdministrator;
    let mut waiting = 0;
    let refused = loop {
        let changed = if waiting % 2 == 0 {
            gate.grant_role(&by, ACME, anna, role)
        } else {
            gate.revoke_role(&by, ACME, anna, role)
        };
        match code(changed) {
            Ok(_) => waiting += 1,
            Err(refusal) => break refusal,
        }
    };
    assert_eq!((refused, waiting), (RefusalCode::AuditTrailFull, 16));
    gate.end_user_access(&by, ACME, anna, day(2026, 12, 31)).unwrap();
    assert_eq!(office.changes(ANNA).len(), 1, "nothing was taken");

    office.journal.set_down(false);
    gate.grant_role(&by, ACME, anna, role).unwrap();
    let told: Vec<_> = office.journal.people(anna).iter().map(|entry| entry.sequence).collect();
    assert_eq!(told, (0..19).collect::<Vec<_>>());
    assert_eq!(office.journal.contradictions(), 0);
}

#[test]
fn i11_events_of_a_record_that_was_deleted_are_not_taken_for_those_of_the_next() {
    let office = Office::open();
    let (gate, by, anna) = (office.gate.blocking(), kaisa(), person(ANNA));
    let hire = || gate.hire(&by, ACME, anna, Validity::from(today()), Services::EMPTY).unwrap();
    hire();
    office.store.overwrite(&Key::person(anna), None);
    hire();
    let entries: Vec<PeopleEntry> = office.journal.people(anna);
    assert_eq!(entries.len(), 2, "both are kept");
    assert_eq!((entries[0].sequence, entries[1].sequence), (0, 0));
    assert_ne!(entries[0].history, entries[1].history);
}

#[test]
fn i11_what_a_host_imports_leaves_the_waiting_changes_alone() {
    let office = Office::open();
    let (gate, by, anna) = (office.gate.blocking(), kaisa(), person(ANNA));
    office.journal.set_down(true);
    gate.hire(&by, ACME, anna, Validity::from(today()), Services::EMPTY).unwrap();
    let imported = office.people.change(anna, |person| Ok(person.with_bank_credentials()));
    let mut imported = std::pin::pin!(imported);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(imported.as_mut().poll(&mut context).is_ready());
    assert_eq!(gate.deliver_changes(anna).unwrap(), 1, "still waiting");
    office.journal.set_down(false);
    assert_eq!(gate.deliver_changes(anna).unwrap(), 0);
    assert_eq!(office.changes(ANNA).len(), 1);
}

#[test]
fn d14_the_first_administrator_is_established_by_the_host_alone() {
    let office = Office::open();
    let gate = office.gate.blocking();
    let entry = office.journal.people(person(KAISA)).remove(0);
    assert_eq!(entry.event.by, None);
    assert_eq!(entry.event.change, PeopleChange::FirstAdministratorEstablished(Role::UserAdministrator));
    assert!(gate.administrator(&kaisa(), ACME).is_ok());
    let again = gate.establish_first_administrator(ACME, person(KAISA));
    assert_eq!(code(again).map(drop), Err(RefusalCode::NothingToChange));
    // The crate cannot see whether there are others.
    assert!(gate.establish_first_administrator(ACME, person(ANNA)).is_ok());
}
