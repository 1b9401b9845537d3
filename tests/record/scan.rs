//! What a host's scan of its store asks of records, without knowing whose they are.

use pinlatch::account::Account;
use pinlatch::host::Key;
use pinlatch::id::PersonId;
use pinlatch::pin::{Pepper, PepperId, PepperRing};
use pinlatch::record::{RecordError, StoredVersion, has_waiting_events, pepper_in_use, stored_version};
use pinlatch_testkit::{PIN, World};

use crate::damage::sealed;
use crate::golden::{committed, committed_accounts};

fn stored(world: &World, person: PersonId) -> Vec<u8> {
    world.store.bytes(&Key::account(person)).expect("stored")
}

#[test]
fn events_that_wait_are_seen_from_the_bytes_alone() {
    let world = World::new();
    let anna = world.employee();
    world.journal.set_down(true);
    let phone = world.open_phone(anna).unwrap();
    assert_eq!(has_waiting_events(&stored(&world, anna)), Ok(true));
    world.journal.set_down(false);
    assert_eq!(world.gate.blocking().deliver_events(anna).unwrap(), 0);
    assert_eq!(has_waiting_events(&stored(&world, anna)), Ok(false));
    // The event of a change waits from its write on until the next one takes it out.
    phone.lock().unwrap();
    assert_eq!(has_waiting_events(&stored(&world, anna)), Ok(true));
}

#[test]
fn peppers_are_named_as_long_as_a_pin_was_made_under_them() {
    let world = World::new();
    let anna = world.employee();
    let key = |byte| Pepper::new(&[byte; 32]).unwrap();
    let [old, new] = [1, 2].map(PepperId::from_number);
    let in_use = || pepper_in_use(&stored(&world, anna));
    let mut waiting = world.phone(anna);
    waiting.sign_in().unwrap();
    assert_eq!(in_use(), Ok(vec![]), "no PIN yet");
    let [first, second] = [(); 2].map(|()| world.open_phone(anna).unwrap());
    assert_eq!(in_use(), Ok(vec![Some(old)]), "both under the pepper of the test kit");

    let unpeppered = world.restarted(2).peppers(PepperRing::without_pepper()).build();
    let _third = unpeppered.open_phone(anna).unwrap();
    assert_eq!(in_use(), Ok(vec![None, Some(old)]));

    let ring = PepperRing::new(new, key(7)).with_older(old, key(0x5a)).unwrap();
    let rotated = world.restarted(3).peppers(ring).build();
    let reopen = |phone: pinlatch_testkit::Phone<'_>| {
        phone.lock().unwrap();
        let mut there = rotated.phone(anna);
        (there.token, there.id) = (phone.token, phone.id);
        there.unlock(PIN).unwrap();
    };
    reopen(first);
    assert_eq!(in_use(), Ok(vec![None, Some(old), Some(new)]));
    reopen(second);
    assert_eq!(in_use(), Ok(vec![None, Some(new)]), "the old one can leave the ring");
}

#[test]
fn the_version_is_told_from_the_envelope() {
    for golden in committed_accounts() {
        assert_eq!(stored_version(&golden.bytes), Ok(golden.version), "{}", golden.name);
        // Forward and back: version 1 does not say what ended.
        let account = Account::decode(&golden.bytes, golden.owner).expect("readable");
        let version_1 = account.encode_as(StoredVersion::V1);
        assert_eq!(version_1, Ok(committed(golden.name)), "{}", golden.name);
    }
}

#[test]
fn e32_a_scan_is_told_of_what_it_cannot_read_and_takes_it_for_nothing() {
    let locked = committed("locked");
    let mut damaged = locked.clone();
    damaged[20] ^= 1;
    let newer = sealed(b"PLAC\x03\0", &locked[14..]);
    let unreadable = [
        (Vec::new(), RecordError::Truncated),
        (damaged, RecordError::Corrupted),
        (newer, RecordError::NewerVersion { found: 3 }),
        (committed("person"), RecordError::NotARecord),
    ];
    for (bytes, error) in unreadable {
        assert_eq!(has_waiting_events(&bytes), Err(error));
        assert_eq!(pepper_in_use(&bytes), Err(error));
        assert_eq!(stored_version(&bytes), Err(error));
    }
    let nonsense = sealed(b"PLAC\x01\0", b"nonsense");
    assert_eq!(has_waiting_events(&nonsense), Err(RecordError::Corrupted));
    assert_eq!(pepper_in_use(&nonsense), Err(RecordError::Corrupted));
}
