//! Mistakes of the operator's cost nobody anything: errors, and records that stay as they are.

use std::sync::Arc;

use pinlatch::account::Wanted;
use pinlatch::host::{Blocking, BlockingStore, Expect, Key, StoredDirectory};
use pinlatch::people::{LocalDates, Person};
use pinlatch::refusal::RefusalCode;
use pinlatch_stores::sealed::{SealedError, SealingKey, SealingKeyError, SealingKeys};
use pinlatch_testkit::{ACME, MemoryStore, PIN, UNMODIFIED, person, pin, today};

use crate::host::TestHost;
use crate::{DAMAGED, key, load, number, one, put, sealed, two_and_one};

/// Every command of a host that was set up wrongly on a database of another's is answered "try again later", and
/// nothing is written; the right host goes on where it was.
fn costs_nobody_anything<S: BlockingStore + 'static>(
    host: &TestHost,
    right: impl BlockingStore + 'static,
    wrong: S,
) {
    let gate = host.gate_on(right);
    let anna = host.world.employee();
    let (token, session) = host.opened(&gate, anna, None).unwrap();
    let place = Key::account(anna);
    let before = host.bytes(&place);

    let misled = host.gate_on(wrong);
    let misled = misled.blocking();
    let administrator = host.world.administrator(ACME);
    let answers = [
        misled.check(&session, Wanted::session(), &UNMODIFIED).map(drop),
        misled.unlock_with_pin(&token, &pin(PIN).unwrap(), &UNMODIFIED).map(drop),
        misled.lock(&token, &UNMODIFIED),
        misled.log_out(&token, &UNMODIFIED).map(drop),
        misled.invite(&administrator.session(), ACME, anna).map(drop),
        misled.revoke_all(&administrator.session(), ACME, anna).map(drop),
        misled.reassess(anna).map(drop),
        misled.erase(anna).map(drop),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer.unwrap_err().code(), RefusalCode::Unavailable, "answer {number}");
    }
    assert_eq!(host.bytes(&place), before);
    assert!(gate.blocking().check(&session, Wanted::session(), &UNMODIFIED).is_ok());
}

#[test]
fn e32_a_key_that_is_missing_costs_nobody_anything() {
    let host = TestHost::new();
    let wrong = host.store(SealingKeys::new(number(2), key(2)));
    costs_nobody_anything(&host, host.store(one()), wrong);
}

#[test]
fn e32_the_wrong_secret_under_the_right_number_costs_nobody_anything() {
    let host = TestHost::new();
    let wrong = host.store(SealingKeys::new(number(1), key(2)));
    costs_nobody_anything(&host, host.store(one()), wrong);
}

#[test]
fn e32_a_host_without_sealing_takes_sealed_records_for_somebody_elses() {
    let host = TestHost::new();
    costs_nobody_anything(&host, host.store(one()), Arc::clone(&host.database));
}

#[test]
fn e32_sealing_without_accepting_what_was_there_costs_nobody_anything() {
    let host = TestHost::new();
    costs_nobody_anything(&host, Arc::clone(&host.database), host.store(one()));
}

/// What an operator does about a record that looks like a mistake and is none, as the documentation says it.
#[test]
fn a_record_that_was_forged_to_look_unsealed_is_emptied_and_then_reads_as_damaged() {
    let host = TestHost::new();
    let anna = host.world.employee();
    let place = Key::account(anna);
    host.opened(&host.gate_on(Arc::clone(&host.database)), anna, None).unwrap();
    let store = host.store(one());
    let error = store.load(&place).unwrap_err();
    assert!(matches!(error, SealedError::Unsealed), "{error}");
    let found = store.inner().load(&place).unwrap().unwrap();
    let _applied =
        store.inner().compare_and_swap(&place, Expect::At(found.version), Vec::new(), &[]).unwrap();
    assert_eq!(load(&store, &place), DAMAGED);
    let administrator = host.world.administrator(ACME);
    let gate = host.gate(one());
    let invitation = gate.blocking().invite(&administrator.session(), ACME, anna).unwrap();
    assert!(host.opened(&gate, anna, Some(&invitation)).is_ok());
}

#[test]
fn errors_say_what_to_do_and_show_nothing() {
    let memory = Arc::new(MemoryStore::new());
    let place = Key::account(person(1));
    put(&sealed(&memory, one()), &place, &[1; 32]);
    let unknown = sealed(&memory, SealingKeys::new(number(2), key(2))).load(&place).unwrap_err();
    let said = "the record is sealed under key 1, which is not in the ring: add it as an older key";
    assert_eq!(
        (unknown.to_string(), format!("{unknown:?}")),
        (said.into(), "UnknownKey(SealingKeyId(1))".into())
    );
    let another = sealed(&memory, SealingKeys::new(number(1), key(2))).load(&place).unwrap_err();
    assert_eq!(
        another.to_string(),
        "the record is sealed under another key of number 1: look for the right secret"
    );
    memory.set_down(true);
    let down = sealed(&memory, one()).load(&place).unwrap_err();
    assert_eq!(down.to_string(), "the store failed");
    assert!(std::error::Error::source(&down).is_some());
}

#[test]
fn a_ring_takes_no_number_and_no_key_twice() {
    let again = |id, byte| two_and_one().with_older(number(id), key(byte)).map(drop);
    assert_eq!(again(1, 3), Err(SealingKeyError::DuplicateId));
    assert_eq!(again(2, 3), Err(SealingKeyError::DuplicateId));
    assert_eq!(again(3, 1), Err(SealingKeyError::DuplicateKey));
    assert_eq!(again(3, 2), Err(SealingKeyError::DuplicateKey));
    assert_eq!(again(3, 3), Ok(()));
    for length in [0, 16, 31, 33, 64] {
        assert_eq!(SealingKey::new(&vec![7; length]).unwrap_err(), SealingKeyError::WrongLength);
    }
}

/// People are records as well: one that is damaged fails the directory, and is no fresh person.
#[test]
fn a_damaged_person_is_an_error_and_no_fresh_one() {
    let memory = Arc::new(MemoryStore::new());
    let dates = |_: &Person| LocalDates::everywhere(today());
    let directory = StoredDirectory::new(Blocking(sealed(&memory, one())), dates);
    directory.change_now(person(1), |anna| Ok(anna.with_bank_credentials())).unwrap();
    assert!(directory.person_now(person(1)).unwrap().is_some_and(|anna| !anna.is_foreign()));
    let other = memory.bytes(&Key::person(person(1)));
    memory.overwrite(&Key::person(person(2)), other);
    assert!(directory.person_now(person(2)).is_err());
    assert!(directory.change_now(person(2), Ok).is_err());
}
