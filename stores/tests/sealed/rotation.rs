//! From no seal to one, and from one key to the next.

use std::sync::Arc;

use pinlatch::account::{Account, Wanted};
use pinlatch::host::{Blocking, BlockingStore, Key};
use pinlatch_stores::sealed::{Resealed, Sealed, SealedError, SealingKeys, is_sealed, key_in_use};
use pinlatch_testkit::{MemoryStore, UNMODIFIED, person};

use crate::host::TestHost;
use crate::{DAMAGED, key, load, number, one, put, sealed, two_and_one};

fn two() -> SealingKeys {
    SealingKeys::new(number(2), key(2))
}

fn under(memory: &MemoryStore, place: &Key) -> Option<u32> {
    key_in_use(&memory.bytes(place).unwrap()).map(|id| id.number())
}

#[test]
fn a_record_opens_with_the_key_it_names_and_moves_at_its_next_write() {
    let memory = Arc::new(MemoryStore::new());
    let place = Key::account(person(1));
    put(&sealed(&memory, one()), &place, b"before");
    let rotating = sealed(&memory, two_and_one());
    assert_eq!((load(&rotating, &place), under(&memory, &place)), (b"before".to_vec(), Some(1)));
    put(&rotating, &place, b"after");
    assert_eq!((load(&rotating, &place), under(&memory, &place)), (b"after".to_vec(), Some(2)));
    assert_eq!(load(&sealed(&memory, two()), &place), b"after");
    // The other order: a host that was not told of key 2 in time.
    let late = sealed(&memory, one()).load(&place);
    assert!(matches!(late, Err(SealedError::UnknownKey(id)) if id == number(2)), "{late:?}");
}

#[test]
fn resealing_moves_what_can_be_moved_and_says_what_became_of_it() {
    let memory = Arc::new(MemoryStore::new());
    let [here, damaged, absent] = [1, 2, 3].map(|number| Key::account(person(number)));
    put(&sealed(&memory, one()), &here, b"a record");
    memory.overwrite(&damaged, memory.bytes(&here));
    let store = sealed(&memory, two_and_one());
    memory.lose_next_reply();
    assert_eq!(store.reseal_now(&here).unwrap(), Resealed::TryAgain);
    memory.overwrite(&here, memory.bytes(&damaged));
    assert_eq!(store.reseal_now(&here).unwrap(), Resealed::Moved);
    assert_eq!((load(&store, &here), under(&memory, &here)), (b"a record".to_vec(), Some(2)));
    let swaps = memory.operations().1;
    assert_eq!(store.reseal_now(&here).unwrap(), Resealed::UpToDate);
    assert_eq!(store.reseal_now(&absent).unwrap(), Resealed::UpToDate);
    assert_eq!(store.reseal_now(&damaged).unwrap(), Resealed::Damaged);
    assert_eq!(memory.operations().1, swaps, "nothing more was written");
    assert!(matches!(sealed(&memory, one()).reseal_now(&here), Err(SealedError::UnknownKey(_))));
    memory.set_down(true);
    assert!(matches!(store.reseal_now(&here), Err(SealedError::Store(_))));
}

#[tokio::test]
async fn resealing_does_the_same_in_an_async_store() {
    let memory = Arc::new(MemoryStore::new());
    let place = Key::account(person(1));
    put(&sealed(&memory, one()), &place, b"a record");
    let store = Sealed::new(Blocking(Arc::clone(&memory)), two_and_one());
    assert_eq!(store.reseal(&place).await.unwrap(), Resealed::Moved);
    assert_eq!(store.reseal(&place).await.unwrap(), Resealed::UpToDate);
    assert_eq!(under(&memory, &place), Some(2));
}

#[test]
fn records_from_before_are_read_if_accepted_and_sealed_at_their_next_write() {
    let host = TestHost::new();
    let [anna, ben] = [(); 2].map(|()| host.world.employee());
    let plain = host.gate_on(Arc::clone(&host.database));
    let (token, session) = host.opened(&plain, anna, None).unwrap();
    host.opened(&plain, ben, None).unwrap();
    let [annas, bens] = [anna, ben].map(Key::account);
    assert!(!is_sealed(&host.bytes(&annas)));

    let moving = host.gate_on(host.store(one()).accepting_unsealed());
    assert!(moving.blocking().check(&session, Wanted::session(), &UNMODIFIED).is_ok());
    moving.blocking().lock(&token, &UNMODIFIED).unwrap();
    assert!(is_sealed(&host.bytes(&annas)));
    assert!(!is_sealed(&host.bytes(&bens)), "nobody has written it yet");

    let store = host.store(one()).accepting_unsealed();
    assert_eq!(store.reseal_now(&bens).unwrap(), Resealed::Moved);
    let strict = host.store(one());
    for (person, place) in [(anna, annas), (ben, bens)] {
        assert!(is_sealed(&host.bytes(&place)));
        assert!(Account::decode(&load(&strict, &place), person).is_ok());
    }
}

/// Whatever a damaged record of before holds, it is not sealed as if it were whole.
#[test]
fn a_damaged_record_from_before_reads_as_damaged_and_is_not_moved() {
    let host = TestHost::new();
    let anna = host.world.employee();
    host.opened(&host.gate_on(Arc::clone(&host.database)), anna, None).unwrap();
    let place = Key::account(anna);
    let mut bytes = host.bytes(&place);
    bytes.pop();
    host.database.overwrite(&place, Some(bytes.clone()));
    for store in [host.store(one()), host.store(one()).accepting_unsealed()] {
        assert_eq!(load(&store, &place), DAMAGED);
        assert_eq!(store.reseal_now(&place).unwrap(), Resealed::Damaged);
    }
    assert_eq!(host.bytes(&place), bytes);
}

/// What is whole is no damage, even if it cannot be used here: it is left for the gate to say "try again later".
#[test]
fn a_whole_record_from_before_that_is_not_this_ones_is_left_alone() {
    let host = TestHost::new();
    let [anna, ben] = [(); 2].map(|()| host.world.employee());
    host.opened(&host.gate_on(Arc::clone(&host.database)), anna, None).unwrap();
    let bytes = host.bytes(&Key::account(anna));
    for place in [Key::account(ben), Key::person(anna)] {
        host.database.overwrite(&place, Some(bytes.clone()));
        assert!(matches!(host.store(one()).load(&place), Err(SealedError::Unsealed)));
        assert_eq!(load(&host.store(one()).accepting_unsealed(), &place), bytes);
    }
}
