//! People beside the accounts, through the directory of pinlatch.

use std::sync::Arc;
use std::thread;

use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingPeopleJournal as _, BlockingStore, Expect, HostParts, Inline, Key, StoredDirectory,
    StoredDirectoryError, SystemClock, SystemRandomness,
};
use pinlatch::people::{LocalDates, Person, UserAccess};
use pinlatch::pin::PepperRing;
use pinlatch::refusal::RefusalCode;
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::{ACME, company, day, person, since_last_year};

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
fn people_are_listed_and_accounts_are_not() {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(directory.path().join("store")).unwrap();
    assert_eq!(store.people().unwrap(), []);
    let (first, last) = (person(0), person(u128::MAX));
    for key in [Key::person(last), Key::account(person(5)), Key::person(first)] {
        let _applied = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).unwrap();
    }
    assert_eq!(store.people().unwrap(), [first, last]);
}

#[test]
fn i11_what_is_changed_about_people_is_in_the_file_once() {
    let directory = tempfile::tempdir().unwrap();
    let file = Arc::new(SqliteStore::open(directory.path().join("store")).unwrap());
    let today = LocalDates::everywhere(day(2026, 11, 22));
    let host = HostParts {
        store: Blocking(Arc::clone(&file)),
        clock: SystemClock,
        directory: StoredDirectory::new(Blocking(Arc::clone(&file)), |_: &Person| today.clone()),
        journal: Blocking(Arc::clone(&file)),
        offload: Inline,
        randomness: SystemRandomness,
    };
    let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap();
    gate.blocking().establish_first_administrator(ACME, person(7)).unwrap();
    let changes = file.changes(person(7)).unwrap();
    assert_eq!(changes.len(), 1);
    assert_eq!((changes[0].sequence, changes[0].event.by, changes[0].event.company), (0, None, ACME));
    file.record_people(&changes).unwrap();
    assert_eq!(file.changes(person(7)).unwrap(), changes, "handed over again, it is the same");
    assert_eq!(gate.blocking().deliver_changes(person(7)).unwrap(), 0, "nothing waits");
}
