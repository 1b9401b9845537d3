//! People beside the accounts, through the directory of pinlatch.

use pinlatch::access::BrowserSession;
use pinlatch::account::{BeginFor, DeviceLabel, SignIn, StrongAuthentication};
use pinlatch::host::{Directory, Expect, Key, PeopleJournal, Store, StoredDirectory};
use pinlatch::people::{AuthenticationMethod, LocalDates, UserAccess};
use pinlatch_testkit::{ACME, UNMODIFIED, company, day, person, since_last_year};

use crate::by_hand::{key, open, plain, run, write};
use crate::gates::gate;
use crate::shared;

const WRITERS: u128 = 8;

#[test]
fn people_are_changed_from_many_sides_without_losing_a_change() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "many_sides").await;
        let today = LocalDates::everywhere(day(2026, 11, 22));
        let writers = (0..WRITERS).map(|number| {
            let (store, today) = (store.clone(), today.clone());
            tokio::spawn(async move {
                let directory = StoredDirectory::new(store, move |_| today.clone());
                let access = UserAccess::new(company(number), since_last_year());
                directory.change(person(7), |anna| Ok(anna.with_user_access(access.clone()))).await.unwrap();
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.unwrap();
        }
        let directory = StoredDirectory::new(store, move |_| today.clone());
        let anna = directory.person(person(7)).await.unwrap().unwrap();
        assert_eq!(anna.user_accesses().len(), usize::try_from(WRITERS).unwrap());
        assert_eq!(directory.person(person(8)).await.unwrap(), None);
    });
}

#[test]
fn people_and_accounts_are_listed_each_for_themselves_however_many() {
    let Some(server) = plain() else { return };
    let address = server.address();
    shared::runtime().block_on(async {
        let store = open(address, "listed").await;
        assert_eq!(store.people().await.unwrap(), [], "the trial write of opening is gone");
        let (first, last) = (person(0), person(u128::MAX));
        for key in [Key::person(last), key(5), Key::person(first)] {
            write(&store, &key, Expect::Absent, b"1").await;
        }
        assert_eq!(store.people().await.unwrap(), [first, last]);
        assert_eq!(store.accounts().await.unwrap(), [person(5)]);
        let many = "insert into listed.records select 'a-' || lpad(to_hex(number), 32, '0'), '', 1
            from generate_series(6, 25004) number";
        run(address, many).await;
        let accounts = store.accounts().await.unwrap();
        assert_eq!(accounts, (5..25_005).map(person).collect::<Vec<_>>());
    });
}

#[test]
fn d30_of_whom_is_erased_the_store_forgets_facts_and_trail_and_keeps_the_tombstone() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "erased").await;
        let (gate, anna, other) = (gate(&store), person(7), person(8));
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
        let before = [
            store.events(anna).await.unwrap().len(),
            store.changes(anna).await.unwrap().len(),
            store.refusals(anna).await.unwrap().len(),
        ];
        assert!(before.iter().all(|count| *count > 0), "{before:?}");
        let of_other = store.changes(other).await.unwrap();

        gate.erase(anna).await.unwrap();
        assert!(store.remove_facts(anna).await.unwrap());
        assert!(!store.remove_facts(anna).await.unwrap(), "there is nothing left");
        let all = store.events(anna).await.unwrap().len() + before[1] + before[2];
        assert_eq!(store.remove_trail(anna).await.unwrap(), all);
        assert!(store.events(anna).await.unwrap().is_empty());
        assert!(store.changes(anna).await.unwrap().is_empty());
        assert!(store.refusals(anna).await.unwrap().is_empty());
        assert_eq!(store.people().await.unwrap(), [other]);
        assert!(store.load(&Key::account(anna)).await.unwrap().is_some(), "the tombstone");
        assert_eq!(store.changes(other).await.unwrap(), of_other);
        assert_eq!(gate.deliver_events(anna).await.unwrap(), 0, "nothing comes back");
    });
}

#[test]
fn i11_what_is_changed_about_people_is_in_the_store_once() {
    let Some(server) = plain() else { return };
    shared::runtime().block_on(async {
        let store = open(server.address(), "changes").await;
        let gate = gate(&store);
        gate.establish_first_administrator(ACME, person(7)).await.unwrap();
        let changes = store.changes(person(7)).await.unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!((changes[0].sequence, changes[0].event.by, changes[0].event.company), (0, None, ACME));
        store.record_people(&changes).await.unwrap();
        assert_eq!(store.changes(person(7)).await.unwrap(), changes, "handed over again, it is the same");
        assert_eq!(gate.deliver_changes(person(7)).await.unwrap(), 0, "nothing waits");
    });
}
