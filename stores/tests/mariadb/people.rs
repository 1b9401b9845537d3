//! People beside the accounts, through the directory of pinlatch.

use pinlatch::access::BrowserSession;
use pinlatch::account::{BeginFor, DeviceLabel, SignIn, StrongAuthentication};
use pinlatch::host::{Expect, Key, PeopleJournal, Store, StoredDirectory};
use pinlatch::people::{AuthenticationMethod, LocalDates, Person, UserAccess};
use pinlatch_stores::mariadb::MariaDbStore;
use pinlatch_testkit::{ACME, UNMODIFIED, company, day, person, since_last_year};
use tokio::task::JoinSet;

use crate::hosts::{Counted, gate};
use crate::servers::{common, database};
use crate::shared;

const WRITERS: u128 = 8;

/// Runs a test on a store of its own.
fn on_a_store(test: impl AsyncFnOnce(MariaDbStore)) {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        test(MariaDbStore::open(&url).await.unwrap()).await;
    });
}

fn today(_: &Person) -> LocalDates {
    LocalDates::everywhere(day(2026, 11, 22))
}

#[test]
fn people_are_changed_from_many_sides_without_losing_a_change() {
    on_a_store(async |store| {
        let directory = StoredDirectory::new(store.clone(), today);
        let mut writers = JoinSet::new();
        for number in 0..WRITERS {
            let directory = StoredDirectory::new(store.clone(), today);
            let access = UserAccess::new(company(number), since_last_year());
            writers.spawn(async move {
                directory.change(person(7), |anna| Ok(anna.with_user_access(access.clone()))).await.unwrap();
            });
        }
        writers.join_all().await;
        let anna = pinlatch::host::Directory::person(&directory, person(7)).await.unwrap().unwrap();
        assert!(
            (0..WRITERS)
                .all(|number| anna.user_accesses().iter().any(|access| access.company() == company(number)))
        );
        let other = pinlatch::host::Directory::person(&directory, person(8)).await.unwrap();
        assert_eq!(other, None);
    });
}

#[test]
fn people_and_accounts_are_listed_each_for_themselves() {
    on_a_store(async |store| {
        assert_eq!(store.people().await.unwrap(), []);
        let (first, last) = (person(0), person(u128::MAX));
        for key in [Key::person(last), Key::account(person(5)), Key::person(first)] {
            let _applied = store.compare_and_swap(&key, Expect::Absent, vec![1], &[]).await.unwrap();
        }
        assert_eq!(store.people().await.unwrap(), [first, last]);
        assert_eq!(store.accounts().await.unwrap(), [person(5)]);
    });
}

#[test]
fn d30_of_whom_is_erased_the_store_forgets_facts_and_trail_and_keeps_the_tombstone() {
    on_a_store(async |store| {
        let (gate, _) = gate(&Counted::on(store.clone()));
        let (anna, other) = (person(7), person(8));
        for id in [anna, other] {
            gate.establish_first_administrator(ACME, id).await.unwrap();
            // A user without bank credentials, who was never invited.
            let start = gate.begin_authentication(BeginFor::Nobody, &UNMODIFIED).await.unwrap().start;
            let method = AuthenticationMethod::IdentityProviderAccount;
            let evidence = StrongAuthentication::verified_by_host(start, id, method);
            let label = DeviceLabel::new("phone").unwrap();
            let sign_in = SignIn { evidence, label, known: None, invitation: None };
            gate.authenticate(sign_in, &UNMODIFIED).await.unwrap_err();
        }
        gate.invite(&BrowserSession::verified_by_host(other), ACME, anna).await.unwrap();
        let counts = async || {
            let events = store.events(anna).await.unwrap().len();
            (events, store.changes(anna).await.unwrap().len(), store.refusals(anna).await.unwrap().len())
        };
        let before = counts().await;
        assert!(before.0 > 0 && before.1 > 0 && before.2 > 0, "{before:?}");
        let of_other = store.changes(other).await.unwrap();

        gate.erase(anna).await.unwrap();
        assert!(store.remove_facts(anna).await.unwrap());
        assert!(!store.remove_facts(anna).await.unwrap(), "there is nothing left");
        let all = store.events(anna).await.unwrap().len() + before.1 + before.2;
        assert_eq!(store.remove_trail(anna).await.unwrap(), all);
        assert_eq!(counts().await, (0, 0, 0));
        assert_eq!(store.people().await.unwrap(), [other]);
        assert!(store.load(&Key::account(anna)).await.unwrap().is_some(), "the tombstone");
        assert_eq!(store.changes(other).await.unwrap(), of_other);
        assert_eq!(gate.deliver_events(anna).await.unwrap(), 0, "nothing comes back");
    });
}

#[test]
fn i11_what_is_changed_about_people_is_in_the_store_once() {
    on_a_store(async |store| {
        let (gate, _) = gate(&Counted::on(store.clone()));
        gate.establish_first_administrator(ACME, person(7)).await.unwrap();
        let changes = store.changes(person(7)).await.unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].sequence, changes[0].event.by, changes[0].event.company), (0, None, ACME));
        store.record_people(&changes).await.unwrap();
        assert_eq!(store.changes(person(7)).await.unwrap(), changes, "handed over again, it is the same");
        assert_eq!(gate.deliver_changes(person(7)).await.unwrap(), 0, "nothing waits");
    });
}
