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

        let later = &trail[before..];
        prop_assert_eq!(office.catch_up(later).unwrap(), later.len());
        prop_assert_eq!(office.anna(), lost);
        prop_assert_eq!(office.catch_up(later).unwrap(), 0);
        prop_assert_eq!(office.gate.blocking().deliver_changes(person(ANNA)).unwrap(), 0);
        prop_assert_eq!(office.trail().len(), trail.len());
        office.hire();
        let sequences: Vec<_> = office.trail().iter().map(|entry| entry.sequence).collect();
        prop_assert_eq!(sequences, (0..=trail.len() as u64).collect::<Vec<_>>());
        prop_assert_eq!(office.journal.numbers_repeated(), 0);
    }
}

/// An office, the facts of a backup after one hiring of three, and the changes after it.
fn three_hirings() -> (Office, Option<Vec<u8>>, Vec<PeopleEntry>) {
    let office = Office::open();
    office.hire();
    let backup = office.backup();
    office.hire();
    office.hire();
    let later = office.trail().split_off(1);
    (office, backup, later)
}

fn refused(caught_up: Result<usize, StoredDirectoryError>) -> TrailError {
    match caught_up {
        Err(StoredDirectoryError::Trail(error)) => error,
        other => panic!("{other:?}"),
    }
}

fn in_life(life: u8, sequence: u64, entry: &PeopleEntry) -> PeopleEntry {
    let write = pinlatch::id::WriteId::from_bytes([life; 16]);
    let history = pinlatch::id::HistoryId::from_bytes([life; 16]);
    PeopleEntry { id: pinlatch::id::EventId { write, ..entry.id }, history, sequence, ..entry.clone() }
}

#[test]
fn i11_changes_with_a_gap_a_fork_or_of_another_life_change_nothing() {
    let (office, backup, later) = three_hirings();
    let one = &later[0];
    let fork = PeopleEntry { id: in_life(8, 1, one).id, ..one.clone() };
    let of_before = PeopleEntry { sequence: 0, ..one.clone() };
    let forked_before = PeopleEntry { id: fork.id, ..of_before.clone() };
    for (later, expected) in [
        (later[1..].to_vec(), TrailError::Gap { sequence: 1 }),
        (vec![one.clone(), fork, later[1].clone()], TrailError::Forked { sequence: 1 }),
        // Also of what the record has: it may be the other one.
        (vec![of_before, forked_before, one.clone()], TrailError::Forked { sequence: 0 }),
        (vec![in_life(9, 0, one)], TrailError::BegunAnew),
        (vec![one.clone(), in_life(9, 0, one)], TrailError::BegunAnew),
    ] {
        office.restore(backup.clone());
        assert_eq!(refused(office.catch_up(&later)), expected);
        assert_eq!(office.backup(), backup, "{expected}");
    }
    // Of nobody who is known, and of two lives: which is the last one is the host's to say.
    office.restore(None);
    let lives = [in_life(8, 0, one), in_life(9, 0, one)];
    assert_eq!(refused(office.catch_up(&lives)), TrailError::BegunAnew);
    assert_eq!(office.catch_up(&lives[1..]).unwrap(), 1);
}

/// Somebody who was removed before the backup stays so: what is older than it is none of the later changes.
#[test]
fn i11_who_was_removed_before_the_backup_does_not_come_back() {
    let office = Office::open();
    office.hire();
    let before = office.trail().len();
    office.restore(None);
    assert_eq!(office.catch_up(&office.trail()[before..]).unwrap(), 0);
    assert_eq!(office.anna(), None);
}

/// A change that was possible once and is not on these facts is told by its number, and those before it are not made.
#[test]
fn i11_a_change_that_does_not_fit_the_facts_changes_nothing() {
    let access = |anna: Person| {
        Ok(anna.with_user_access(pinlatch::people::UserAccess::new(ACME, Validity::from(today()))))
    };
    let job = |anna: Person| {
        Ok(anna.with_employment(pinlatch::people::Employment::new(ACME, Validity::from(today()))))
    };
    let set_profile = Act { what: 5, bolt: false, days: 0, other: false };
    let [hire, establish, end_employment] = [0, 4, 3].map(|what| Act { what, ..set_profile });
    type Import = fn(Person) -> Result<Person, pinlatch::refusal::Refusal>;
    for (import, acts, code) in [
        (access as Import, [hire, set_profile], RefusalCode::NotAUser),
        (job as Import, [establish, end_employment], RefusalCode::NothingToChange),
    ] {
        let office = Office::open();
        office.people.change_now(person(ANNA), import).unwrap();
        acts.into_iter().for_each(|act| office.act(act));
        let later = office.trail();
        assert_eq!(later.len(), 2);
        let lost = office.anna();

        office.restore(None);
        let error = refused(office.catch_up(&later));
        assert!(
            matches!(&error, TrailError::DoesNotFit { sequence: 1, refusal } if refusal.code() == code),
            "{error:?}"
        );
        assert_eq!(office.backup(), None);
        // What the host imports, first.
        office.people.change_now(person(ANNA), import).unwrap();
        assert_eq!(office.catch_up(&later).unwrap(), 2);
        assert_eq!(office.anna(), lost);
    }
}

#[test]
fn i11_entries_of_others_and_repeated_ones_are_passed_over() {
    let (office, backup, later) = three_hirings();
    let lost = office.anna();
    let others = office.journal.people(person(KAISA));
    assert_eq!(others.len(), 2);
    office.restore(backup);
    // One that waited when the backup was made, too, and came later.
    let whole = [&others, &office.trail()[..2], &later[..], &others[..1]].concat();
    assert_eq!(office.catch_up(&whole).unwrap(), 2);
    assert_eq!(office.anna(), lost);
    assert_eq!(office.people.catch_up_now(person(ANNA), &others).unwrap(), 0);
    // Of somebody whom neither knows, nothing is made.
    assert_eq!(office.people.catch_up_now(person(3), &whole).unwrap(), 0);
    assert_eq!(office.store.bytes(&Key::person(person(3))), None);
}

#[test]
fn i11_d15_a_change_about_somebody_else_is_not_made_again() {
    let (_, _, later) = three_hirings();
    let refusal = later[0].event.made_again(&Person::new(person(KAISA))).unwrap_err();
    assert_eq!(refusal.code(), RefusalCode::NotAuthorised);
}

/// Where it may have been another day for another company, another one may have made room: nobody loses a job by a guess.
#[test]
fn d31_nobody_makes_room_by_a_guess() {
    let on = today();
    let most = |last: pinlatch::people::CalendarDate| {
        (0..64_u128).fold(Person::new(person(ANNA)), |anna, number| {
            let company = pinlatch_testkit::company(1_000 + number);
            let validity = Validity::between(pinlatch_testkit::day(2025, 1, 1), last).unwrap();
            anna.with_employment(pinlatch::people::Employment::new(company, validity))
        })
    };
    let (_, _, later) = three_hirings();
    let mut event = later[0].event.clone();
    event.on = on;
    let yesterday = pinlatch_testkit::day(2026, 11, 21);
    for (last, is_certain) in [(pinlatch_testkit::day(2026, 11, 19), true), (yesterday, false), (on, false)] {
        let made = event.made_again(&most(last));
        assert_eq!(made.is_ok(), is_certain, "{last}: {made:?}");
    }
}
