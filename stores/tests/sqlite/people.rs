//! People beside the accounts, through the directory of pinlatch.

use std::sync::Arc;
use std::thread;

use pinlatch::access::BrowserSession;
use pinlatch::account::{BeginFor, DeviceLabel, SignIn, StrongAuthentication};
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingPeopleJournal as _, BlockingStore, ChangesPeople, Expect, Host, HostParts, Inline, Key,
    PeopleJournal, StoredDirectory, StoredDirectoryError, SystemClock, SystemRandomness,
};
use pinlatch::people::{AuthenticationMethod, LocalDates, Person, UserAccess};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode;
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::{ACME, UNMODIFIED, company, day, person, since_last_year};

const WRITERS: u128 = 8;

#[test]
fn people_are_changed_from_many_sides_without_losing_a_change() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store");
    let today = LocalDates::everywhere(day(2026, 11, 22));
    let directory = || {
        let store = SqliteStore::open(&path).unwrap();
        StoredDirectory::new(Blocking(Arc::new(store)), |_| today.clone())
    };
    thread::scope(|scope| {
        for number in 0..WRITERS {
            scope.spawn(move || {
                let access = UserAccess::new(company(number), since_last_year());
                directory().change_now(person(7), |anna| Ok(anna.with_user_access(access.clone()))).unwrap();
            });
        }
    });
    let directory = directory();
    let anna = directory.person_now(person(7)).unwrap().unwrap();
    assert!(
        (0..WRITERS)
            .all(|number| anna.user_accesses().iter().any(|access| access.company() == company(number)))
    );

    let refused = directory.change_now(person(7), |_| Err(RefusalCode::NotAUser.into()));
    assert!(matches!(refused, Err(StoredDirectoryError::Refused(_))), "{refused:?}");
    assert_eq!(directory.person_now(person(7)).unwrap(), Some(anna));
    assert_eq!(directory.person_now(person(8)).unwrap(), None);
}

#[test]
fn people_and_accounts_are_listed_each_for_themselves() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    assert_eq!(store.people().unwrap(), []);
    let (first, last) = (person(0), person(u128::MAX));
    for key in [Key::person(last), Key::account(person(5)), Key::person(first)] {
        let _applied = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).unwrap();
    }
    assert_eq!(store.people().unwrap(), [first, last]);
    assert_eq!(store.accounts().unwrap(), [person(5)]);
}

/// A gate whose accounts, people and trail are all in that file.
fn gate(file: &Arc<SqliteStore>) -> Gate<impl Host<Directory: ChangesPeople, Journal: PeopleJournal>> {
    let today = LocalDates::everywhere(day(2026, 11, 22));
    let host = HostParts {
        store: Blocking(Arc::clone(file)),
        clock: SystemClock,
        directory: StoredDirectory::new(Blocking(Arc::clone(file)), move |_: &Person| today.clone()),
        journal: Blocking(Arc::clone(file)),
        offload: Inline,
        randomness: SystemRandomness,
    };
    Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap()
}

#[test]
fn d30_of_whom_is_erased_the_file_forgets_facts_and_trail_and_keeps_the_tombstone() {
    let directory = tempfile::tempdir().unwrap();
    let file = Arc::new(SqliteStore::open(directory.path().join("store")).unwrap());
    let (gate, anna, other) = (gate(&file), person(7), person(8));
    let gate = gate.blocking();
    for id in [anna, other] {
        gate.establish_first_administrator(ACME, id).unwrap();
        // A user without bank credentials, who was never invited.
        let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).unwrap().start;
        let method = AuthenticationMethod::IdentityProviderAccount;
        let evidence = StrongAuthentication::verified_by_host(start, id, method);
        let label = DeviceLabel::new("phone").unwrap();
        gate.authenticate(SignIn { evidence, label, known: None, invitation: None }, &UNMODIFIED)
            .unwrap_err();
    }
    gate.invite(&BrowserSession::verified_by_host(other), ACME, anna).unwrap();
    let trail = || (file.events(anna).unwrap(), file.changes(anna).unwrap(), file.refusals(anna).unwrap());
    let before = trail();
    assert!(!before.0.is_empty() && !before.1.is_empty() && !before.2.is_empty());
    let of_other = file.changes(other).unwrap();

    gate.erase(anna).unwrap();
    assert!(file.remove_facts(anna).unwrap());
    assert!(!file.remove_facts(anna).unwrap(), "there is nothing left");
    let all = file.events(anna).unwrap().len() + before.1.len() + before.2.len();
    assert_eq!(file.remove_trail(anna).unwrap(), all);
    let (events, changes, refusals) = trail();
    assert!(events.is_empty() && changes.is_empty() && refusals.is_empty());
    assert_eq!(file.people().unwrap(), [other]);
    assert!(BlockingStore::load(&*file, &Key::account(anna)).unwrap().is_some(), "the tombstone");
    assert_eq!(file.changes(other).unwrap(), of_other);
    assert_eq!(gate.deliver_events(anna).unwrap(), 0, "nothing comes back");
}

#[test]
fn i11_what_is_changed_about_people_is_in_the_file_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = Arc::new(SqliteStore::open(directory.path().join("store")).unwrap());
    let gate = gate(&file);
    gate.blocking().establish_first_administrator(ACME, person(7)).unwrap();
    let changes = file.changes(person(7)).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].sequence, changes[0].event.by, changes[0].event.company), (0, None, ACME));
    file.record_people(&changes).unwrap();
    assert_eq!(file.changes(person(7)).unwrap(), changes, "handed over again, it is the same");
    assert_eq!(gate.blocking().deliver_changes(person(7)).unwrap(), 0, "nothing waits");
}
