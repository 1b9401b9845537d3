//! People beside the accounts, through the directory of pinlatch.

use std::sync::Arc;
use std::thread;

use pinlatch::host::{Blocking, BlockingStore, Expect, Key, StoredDirectory, StoredDirectoryError};
use pinlatch::people::{LocalDates, UserAccess};
use pinlatch::refusal::RefusalCode;
use pinlatch_stores::sqlite::SqliteStore;
use pinlatch_testkit::{company, day, person, since_last_year};

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
