//! Facts that a backup brought back, and the trail of what was changed since.

use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};

use pinlatch::access::users_and_roles::EmploymentChoice;
use pinlatch::access::{BrowserSession, PeopleEntry, TrailError};
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline, Key, StoredDirectory, StoredDirectoryError};
use pinlatch::people::{ChargeableService, LocalDates, Person, Profile, Role, Services, Validity};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode;
use pinlatch_testkit::{
    ACME, BOLT, CollectingJournal, ManualClock, MemoryStore, QuickHasher, SeededRandomness, person, today,
};
use proptest::prelude::*;

const KAISA: u128 = 1;
const ANNA: u128 = 2;

type Dates = Box<dyn Fn(&Person) -> LocalDates + Send + Sync>;
type People = StoredDirectory<Blocking<Arc<MemoryStore>>, Dates>;
type Parts = HostParts<
    Blocking<Arc<MemoryStore>>,
    Arc<ManualClock>,
    Arc<People>,
    Blocking<Arc<CollectingJournal>>,
    Inline,
    SeededRandomness,
>;

/// An office whose days go by.
struct Office {
    gate: Gate<Parts>,
    journal: Arc<CollectingJournal>,
    store: Arc<MemoryStore>,
    people: Arc<People>,
    day: Arc<AtomicU16>,
}

impl Office {
    fn open() -> Self {
        let (store, journal) = (Arc::new(MemoryStore::new()), Arc::new(CollectingJournal::new()));
        let day = Arc::new(AtomicU16::new(0));
        let calendar = Arc::clone(&day);
        let dates: Dates =
            Box::new(move |_| LocalDates::everywhere(today().plus_days(calendar.load(Ordering::Relaxed))));
        let people = Arc::new(StoredDirectory::new(Blocking(Arc::clone(&store)), dates));
        let host = HostParts {
            store: Blocking(Arc::new(MemoryStore::new())),
            clock: Arc::new(ManualClock::default()),
            directory: Arc::clone(&people),
            journal: Blocking(Arc::clone(&journal)),
            offload: Inline,
            randomness: SeededRandomness::new(7),
        };
        let gate = Gate::builder(host).hasher(QuickHasher::new()).peppers(PepperRing::without_pepper());
        let office = Self { gate: gate.build().unwrap(), journal, store, people, day };
        for company in [ACME, BOLT] {
            office.gate.blocking().establish_first_administrator(company, person(KAISA)).unwrap();
        }
        office
    }

    fn backup(&self) -> Option<Vec<u8>> {
        self.store.bytes(&Key::person(person(ANNA)))
    }

    fn restore(&self, backup: Option<Vec<u8>>) {
        self.store.overwrite(&Key::person(person(ANNA)), backup);
    }

    fn trail(&self) -> Vec<PeopleEntry> {
        self.journal.people(person(ANNA))
    }

    fn anna(&self) -> Option<Person> {
        self.people.person_now(person(ANNA)).unwrap()
    }

    fn catch_up(&self, trail: &[PeopleEntry]) -> Result<usize, StoredDirectoryError> {
        self.people.catch_up_now(person(ANNA), trail)
    }

    fn hire(&self) {
        self.act(Act { what: 0, bolt: false, days: 1, other: false });
    }

    /// One command of "Users and roles"; whether it is refused is the gate's to know.
    fn act(&self, act: Act) {
        self.day.fetch_add(act.days, Ordering::Relaxed);
        let (gate, by, anna) =
            (self.gate.blocking(), BrowserSession::verified_by_host(person(KAISA)), person(ANNA));
        let now = today().plus_days(self.day.load(Ordering::Relaxed));
        let (company, every) = (if act.bolt { BOLT } else { ACME }, EmploymentChoice::Every);
        let service = if act.other { ChargeableService::Travel } else { ChargeableService::Salaries };
        let since = Validity::from(if act.other { now.plus_days(20) } else { now });
        let done = match act.what {
            0 => gate.hire(&by, company, anna, since, Services::of(&[service])),
            1 => gate.open_service(&by, company, anna, service, every),
            2 => gate.close_service(&by, company, anna, service, every),
            3 => gate.end_employment(&by, company, anna, now.plus_days(5), every),
            4 => gate.establish_user(&by, company, anna, since),
            5 => gate.set_profile(&by, company, anna, profile(act.other)),
            6 => gate.grant_role(&by, company, anna, role(act.other)),
            7 => gate.revoke_role(&by, company, anna, role(act.other)),
            8 => gate.end_user_access(&by, company, anna, now.plus_days(5)),
            _ => gate.establish_first_administrator(company, anna),
        };
        drop(done);
    }
}

fn profile(other: bool) -> Profile {
    if other { Profile::NoRights } else { Profile::Employee }
}

fn role(other: bool) -> Role {
    if other { Role::CompanyAdministrator } else { Role::UserAdministrator }
}

#[derive(Clone, Copy, Debug)]
struct Act {
    what: u8,
    bolt: bool,
    days: u16,
    other: bool,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = (0..10_u8, any::<bool>(), 0..12_u16, any::<bool>());
    let act = act.prop_map(|(what, bolt, days, other)| Act { what, bolt, days, other });
    proptest::collection::vec(act, 1..40)
}

proptest! {
    /// Whatever was changed and whenever the backup was made: caught up, the facts are those that were lost, the trail
    /// goes on without a repeated number, and to catch up again changes nothing.
    #[test]
    fn i11_caught_up_facts_are_those_that_were_lost(acts in acts(), backup_after in 0..40_usize) {
        let office = Office::open();
        let backup_after = backup_after.min(acts.len());
        for act in &acts[..backup_after] {
            office.act(*act);
        }
        let (backup, before) = (office.backup(), office.trail().len());
        for act in &acts[backup_after..] {
            office.act(*act);
        }
        let (lost, trail) = (office.anna(), office.trail());
        office.restore(backup);

        prop_assert_eq!(office.catch_up(&trail).unwrap(), trail.len() - before);
        prop_assert_eq!(office.anna(), lost);
        prop_assert_eq!(office.catch_up(&trail).unwrap(), 0);
        prop_assert_eq!(office.gate.blocking().deliver_changes(person(ANNA)).unwrap(), 0);
        prop_assert_eq!(office.trail().len(), trail.len());
        office.hire();
        let sequences: Vec<_> = office.trail().iter().map(|entry| entry.sequence).collect();
        prop_assert_eq!(sequences, (0..=trail.len() as u64).collect::<Vec<_>>());
        prop_assert_eq!(office.journal.numbers_repeated(), 0);
    }
}

/// An office, the facts of a backup after one hiring of three, and the trail of all.
fn three_hirings() -> (Office, Option<Vec<u8>>, Vec<PeopleEntry>) {
    let office = Office::open();
    office.hire();
    let backup = office.backup();
    office.hire();
    office.hire();
    let trail = office.trail();
    (office, backup, trail)
}

fn refused(caught_up: Result<usize, StoredDirectoryError>) -> TrailError {
    match caught_up {
        Err(StoredDirectoryError::Trail(error)) => error,
        other => panic!("{other:?}"),
    }
}

#[test]
fn i11_a_trail_with_a_gap_a_fork_or_another_life_changes_nothing() {
    let (office, backup, trail) = three_hirings();
    let gap = [&trail[..1], &trail[2..]].concat();
    let mut forked = trail.clone();
    forked.push(PeopleEntry { id: trail[0].id, ..trail[1].clone() });
    let mut another = trail.clone();
    another.push(PeopleEntry {
        history: pinlatch::id::HistoryId::from_bytes([9; 16]),
        sequence: 0,
        ..trail[2].clone()
    });
    for (trail, expected) in [
        (gap, TrailError::Gap { sequence: 1 }),
        (forked, TrailError::Forked { sequence: 1 }),
        (another, TrailError::RemovedSince),
    ] {
        office.restore(backup.clone());
        assert_eq!(refused(office.catch_up(&trail)), expected);
        assert_eq!(office.backup(), backup, "{expected}");
    }
}

/// A change that was possible once and is not on these facts is told by its number, and those before it are not made.
#[test]
fn i11_a_change_that_does_not_fit_the_facts_changes_nothing() {
    let office = Office::open();
    let access = |anna: Person| {
        Ok(anna.with_user_access(pinlatch::people::UserAccess::new(ACME, Validity::from(today()))))
    };
    office.people.change_now(person(ANNA), access).unwrap();
    office.hire();
    office.act(Act { what: 5, bolt: false, days: 0, other: false });
    let trail = office.trail();
    assert_eq!(trail.len(), 2);

    office.restore(None);
    let error = refused(office.catch_up(&trail));
    assert!(
        matches!(&error, TrailError::DoesNotFit { sequence: 1, refusal } if refusal.code() == RefusalCode::NotAUser),
        "{error:?}"
    );
    assert_eq!(office.backup(), None);
    // What the host imports, first.
    office.people.change_now(person(ANNA), access).unwrap();
    assert_eq!(office.catch_up(&trail).unwrap(), 2);
}

#[test]
fn i11_entries_of_others_and_repeated_ones_are_passed_over() {
    let (office, backup, trail) = three_hirings();
    let lost = office.anna();
    let others = office.journal.people(person(KAISA));
    assert_eq!(others.len(), 2);
    office.restore(backup);
    let whole = [&others, &trail[..2], &trail[1..], &others[..1]].concat();
    assert_eq!(office.catch_up(&whole).unwrap(), 2);
    assert_eq!(office.anna(), lost);
    assert_eq!(office.people.catch_up_now(person(ANNA), &others).unwrap(), 0);
    // Of somebody whom neither knows, nothing is made.
    assert_eq!(office.people.catch_up_now(person(3), &whole).unwrap(), 0);
    assert_eq!(office.store.bytes(&Key::person(person(3))), None);
}
