//! A store beneath that is a journal as well goes on being one: nothing is kept back.

use std::sync::Arc;

use pinlatch::access::BrowserSession;
use pinlatch::gate::Gate;
use pinlatch::host::{
    Blocking, BlockingStore, HostParts, Inline, PeopleJournal, Store, StoredDirectory, SystemClock,
    SystemRandomness,
};
use pinlatch::people::{LocalDates, Person, Profile, Role, UserAccess};
use pinlatch::pin::PepperRing;
use pinlatch_stores::sealed::Sealed;
use pinlatch_testkit::{ACME, CollectingJournal, MemoryStore, person, since_last_year, today};

use crate::{one, sealed};

/// A refusal, an event of an account and a change of a person arrive in `trail` through `journal`.
fn takes_everything(journal: impl PeopleJournal, trail: &CollectingJournal) {
    let memory = Arc::new(MemoryStore::new());
    let shared = || Blocking(sealed(&memory, one()));
    let directory = StoredDirectory::new(shared(), |_: &Person| LocalDates::everywhere(today()));
    let [administrator, anna] = [1, 2].map(person);
    let access = || UserAccess::new(ACME, since_last_year());
    let may_administer = access().with_role(Role::UserAdministrator);
    for (user, access) in [(administrator, may_administer), (anna, access())] {
        directory.change_now(user, |new| Ok(new.with_user_access(access.clone()))).unwrap();
    }
    let host = HostParts {
        store: shared(),
        clock: SystemClock,
        directory,
        journal,
        offload: Inline,
        randomness: SystemRandomness,
    };
    let gate = Gate::builder(host).peppers(PepperRing::without_pepper()).build().unwrap();
    let gate = gate.blocking();
    let session = BrowserSession::verified_by_host(administrator);
    gate.set_profile(&session, ACME, anna, Profile::Employee).unwrap();
    assert_eq!(trail.people(anna).len(), 1);
    gate.revoke_all(&session, ACME, anna).unwrap();
    assert_eq!(trail.events(anna).len(), 1);
    assert!(gate.browser_access(person(3)).is_err());
    assert_eq!(trail.refusals(person(3)).len(), 1);
}

#[test]
fn the_journal_beneath_gets_what_it_got_before() {
    let trail = Arc::new(CollectingJournal::new());
    takes_everything(Sealed::new(Blocking(Arc::clone(&trail)), one()), &trail);
}

#[test]
fn the_blocking_journal_beneath_gets_what_it_got_before() {
    let trail = Arc::new(CollectingJournal::new());
    takes_everything(Blocking(Sealed::new(Arc::clone(&trail), one())), &trail);
}

#[test]
fn whether_the_store_beneath_takes_events_goes_through() {
    for (memory, takes) in [(MemoryStore::new(), false), (MemoryStore::taking_events(), true)] {
        let memory = Arc::new(memory);
        assert_eq!(BlockingStore::takes_events(&sealed(&memory, one())), takes);
        assert_eq!(Store::takes_events(&Sealed::new(Blocking(memory), one())), takes);
    }
}
