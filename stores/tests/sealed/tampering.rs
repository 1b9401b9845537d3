//! What somebody can do who writes the database and has no key. Each is tried on the bytes, and on a real gate.

use std::sync::Arc;

use pinlatch::access::PersonRecord;
use pinlatch::account::{Account, Wanted};
use pinlatch::host::{BlockingStore, Key};
use pinlatch::record::RecordError;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::SessionState;
use pinlatch_stores::sealed::{SealedError, SealingKeys};
use pinlatch_testkit::{ACME, MemoryStore, UNMODIFIED, person};

use crate::host::TestHost;
use crate::{DAMAGED, key, load, number, one, put, sealed, with_its_checksum};

/// A record, and the bytes that are stored of it.
fn stored() -> (Arc<MemoryStore>, Key, Vec<u8>) {
    let memory = Arc::new(MemoryStore::new());
    let place = Key::account(person(1));
    put(&sealed(&memory, one()), &place, b"what is sealed");
    let bytes = memory.bytes(&place).unwrap();
    (memory, place, bytes)
}

#[test]
fn the_database_sees_nothing_of_a_record() {
    let (_, _, bytes) = stored();
    assert!(!bytes.windows(4).any(|window| window == b"what" || window == [1; 4]));
}

#[test]
fn a_record_with_any_wrong_bit_reads_as_damaged() {
    let (memory, place, bytes) = stored();
    for (byte, bit) in (0..bytes.len()).flat_map(|byte| (0..8).map(move |bit| (byte, bit))) {
        let mut changed = bytes.clone();
        changed[byte] ^= 1 << bit;
        memory.overwrite(&place, Some(changed));
        assert_eq!(load(&sealed(&memory, one()), &place), DAMAGED, "bit {bit} of byte {byte}");
    }
}

#[test]
fn a_record_that_was_changed_on_purpose_does_not_open() {
    let (memory, place, bytes) = stored();
    for byte in (0..bytes.len()).filter(|byte| !(10..14).contains(byte)) {
        let mut changed = bytes.clone();
        changed[byte] ^= 1;
        memory.overwrite(&place, Some(with_its_checksum(changed)));
        match (byte, sealed(&memory, one()).load(&place)) {
            (0..4, Err(SealedError::Unsealed)) => {} // another magic: whole, and none of ours
            (5, Err(SealedError::NewerVersion { found: 0x101 })) => {}
            (4, Ok(Some(found))) => assert_eq!(found.bytes, DAMAGED, "version 0"),
            (14..18, Err(SealedError::UnknownKey(id))) => assert_ne!(id, number(1)),
            (18..26, Err(SealedError::AnotherKey(id))) => assert_eq!(id, number(1)),
            (_, Ok(Some(found))) => assert_eq!(found.bytes, DAMAGED, "byte {byte}"),
            (_, answer) => panic!("byte {byte}: {answer:?}"),
        }
    }
}

#[test]
fn a_record_of_any_other_length_reads_as_damaged() {
    let (memory, place, bytes) = stored();
    let longer = [&*bytes, &[0]].concat();
    for wrong in (0..bytes.len()).map(|length| &bytes[..length]).chain([&*longer]) {
        memory.overwrite(&place, Some(wrong.to_vec()));
        assert_eq!(load(&sealed(&memory, one()), &place), DAMAGED, "{} bytes", wrong.len());
        let Some(length) = wrong.len().checked_sub(14) else { continue };
        let mut cut = wrong.to_vec();
        cut[6..10].copy_from_slice(&u32::try_from(length).unwrap().to_le_bytes());
        memory.overwrite(&place, Some(with_its_checksum(cut)));
        let opened = sealed(&memory, one()).load(&place);
        // So short that it does not name its key, it is damaged; without its fingerprint as well.
        assert_eq!(opened.unwrap().unwrap().bytes, DAMAGED, "{} bytes", wrong.len());
    }
}

#[test]
fn what_a_damaged_record_reads_as_is_damage_to_pinlatch() {
    assert_eq!(Account::decode(&[], person(1)).unwrap_err(), RecordError::Truncated);
    assert!(RecordError::Truncated.is_damage());
    assert!(PersonRecord::decode(&[], person(1)).unwrap_err().is_damage());
}

/// Puts bytes of an attacker's making in place of Anna's account.
type Attack = fn(&TestHost, anna: &Key, mallory: &Key) -> Vec<u8>;

/// Sealed with a key of the attacker's, under the number and the fingerprint of the host's.
fn forged(host: &TestHost, anna: &Key, mallory: &Key) -> Vec<u8> {
    let theirs = Arc::new(MemoryStore::new());
    let record = load(&host.store(one()), mallory);
    put(&sealed(&theirs, SealingKeys::new(number(1), key(66))), anna, &record);
    let mut bytes = theirs.bytes(anna).unwrap();
    bytes[18..26].copy_from_slice(&host.bytes(anna)[18..26]);
    with_its_checksum(bytes)
}

fn swapped(host: &TestHost, _: &Key, mallory: &Key) -> Vec<u8> {
    host.bytes(mallory)
}

fn truncated(host: &TestHost, anna: &Key, _: &Key) -> Vec<u8> {
    let mut bytes = host.bytes(anna);
    bytes.pop();
    bytes
}

fn zeros(host: &TestHost, anna: &Key, _: &Key) -> Vec<u8> {
    vec![0; host.bytes(anna).len()]
}

fn emptied(_: &TestHost, _: &Key, _: &Key) -> Vec<u8> {
    Vec::new()
}

#[test]
fn e32_a_forged_a_swapped_and_a_truncated_record_open_nothing_and_the_person_gets_back_in_by_reinvitation() {
    let attacks: [(&str, Attack); 5] = [
        ("forged", forged),
        ("swapped", swapped),
        ("truncated", truncated),
        ("zeros", zeros),
        ("emptied", emptied),
    ];
    for (name, attack) in attacks {
        let host = TestHost::new();
        let gate = host.gate(one());
        let [anna, mallory] = [(); 2].map(|()| host.world.employee());
        let (token, session) = host.opened(&gate, anna, None).unwrap();
        host.opened(&gate, mallory, None).unwrap();
        let [place, theirs] = [anna, mallory].map(Key::account);
        let bytes = attack(&host, &place, &theirs);
        host.database.overwrite(&place, Some(bytes.clone()));

        // Nobody gets in, the person is told what to do, and the record stays as it is.
        let gate = gate.blocking();
        let refused = gate.check(&session, Wanted::session(), &UNMODIFIED).unwrap_err();
        assert_eq!(refused.code(), RefusalCode::ReinvitationRequired, "{name}");
        assert_eq!(gate.device_view(&token, &UNMODIFIED).unwrap().state, SessionState::RevokedAll, "{name}");
        gate.lock(&token, &UNMODIFIED).unwrap();
        let refused = host.opened(&host.gate(one()), anna, None).unwrap_err();
        assert_eq!(refused, RefusalCode::ReinvitationRequired, "{name}");
        assert_eq!(host.bytes(&place), bytes, "{name}");

        // An administrator re-invites, and it is sealed again.
        let administrator = host.world.administrator(ACME);
        let invitation = gate.invite(&administrator.session(), ACME, anna).unwrap();
        let (_, session) = host.opened(&host.gate(one()), anna, Some(&invitation)).unwrap();
        assert!(gate.check(&session, Wanted::session(), &UNMODIFIED).is_ok(), "{name}");
        assert!(Account::decode(&load(&host.store(one()), &place), anna).is_ok(), "{name}");
    }
}

/// What the documentation says it cannot do: say so here, so that nobody takes it for more than it is.
#[test]
fn an_older_record_put_back_is_the_account_of_that_day() {
    let host = TestHost::new();
    let gate = host.gate(one());
    let anna = host.world.employee();
    let (token, session) = host.opened(&gate, anna, None).unwrap();
    let place = Key::account(anna);
    let older = host.bytes(&place);
    gate.blocking().log_out(&token, &UNMODIFIED).unwrap();
    assert!(gate.blocking().check(&session, Wanted::session(), &UNMODIFIED).is_err());
    host.database.overwrite(&place, Some(older));
    assert!(gate.blocking().check(&session, Wanted::session(), &UNMODIFIED).is_ok());
}
