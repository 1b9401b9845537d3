//! Any record under any key.

use std::collections::BTreeSet;
use std::sync::Arc;

use pinlatch::host::{Blocking, BlockingStore, Expect, Key, Randomness, RandomnessError};
use pinlatch::id::PersonId;
use pinlatch::record::MAX_RECORD_BYTES;
use pinlatch_stores::sealed::{SEALING_BYTES, Sealed, SealedError, SealingKey, is_sealed, key_in_use};
use pinlatch_testkit::{MemoryStore, SeededRandomness, person};
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

use crate::{DAMAGED, load, number, one, put, sealed};

proptest! {
    #[test]
    fn what_was_sealed_is_given_back_and_only_in_its_place(
        id in any::<u128>(), is_account in any::<bool>(), record in vec(any::<u8>(), 0..4_000),
    ) {
        let memory = Arc::new(MemoryStore::new());
        let store = sealed(&memory, one());
        let id = PersonId::from_u128(id);
        let (here, there) = (Key::account(id), Key::person(id));
        let (here, there) = if is_account { (here, there) } else { (there, here) };
        put(&store, &here, &record);
        assert_eq!(load(&store, &here), record);
        let bytes = memory.bytes(&here).unwrap();
        assert_eq!((bytes.len(), key_in_use(&bytes)), (record.len() + SEALING_BYTES, Some(number(1))));
        memory.overwrite(&there, Some(bytes));
        assert_eq!(load(&store, &there), DAMAGED);
    }

    /// Whatever somebody puts into the database: no panic, and nothing opens that was not sealed.
    #[test]
    fn no_bytes_open_that_were_not_sealed(
        begins_sealed in any::<bool>(), rest in vec(any::<u8>(), 0..200), has_a_checksum in any::<bool>(),
    ) {
        let mut bytes = if begins_sealed { b"PLSR\x01\x00".to_vec() } else { Vec::new() };
        bytes.extend(rest);
        if has_a_checksum && bytes.len() >= 14 {
            let length = u32::try_from(bytes.len() - 14).unwrap();
            bytes[6..10].copy_from_slice(&length.to_le_bytes());
            bytes = crate::with_its_checksum(bytes);
        }
        assert_eq!(is_sealed(&bytes), bytes.starts_with(b"PLSR"));
        let memory = Arc::new(MemoryStore::new());
        let place = Key::account(person(1));
        memory.overwrite(&place, Some(bytes));
        match sealed(&memory, one()).load(&place) {
            Ok(found) => assert_eq!(found.unwrap().bytes, DAMAGED),
            Err(error) => assert!(!matches!(error, SealedError::Store(_)), "{error}"),
        }
    }
}

#[test]
fn no_write_gives_the_same_bytes_twice() {
    let memory = Arc::new(MemoryStore::new());
    let store = sealed(&memory, one());
    let place = Key::account(person(1));
    let written: BTreeSet<_> = (0..200)
        .map(|_| {
            put(&store, &place, b"the same record");
            // Nonce and ciphertext: neither is ever the same.
            let bytes = memory.bytes(&place).unwrap();
            [bytes[26..50].to_vec(), bytes[50..].to_vec()]
        })
        .collect();
    let [nonces, ciphertexts] =
        [0, 1].map(|part| written.iter().map(|parts| &parts[part]).collect::<BTreeSet<_>>());
    assert_eq!((nonces.len(), ciphertexts.len()), (200, 200));
}

#[test]
fn the_largest_record_grows_by_66_bytes() {
    let memory = Arc::new(MemoryStore::new());
    let store = sealed(&memory, one());
    let place = Key::account(person(1));
    put(&store, &place, &vec![7; MAX_RECORD_BYTES]);
    assert_eq!(memory.bytes(&place).unwrap().len(), 196_674);
    assert_eq!(SEALING_BYTES, 66);
    assert_eq!(load(&store, &place), vec![7; MAX_RECORD_BYTES]);
}

#[test]
fn without_randomness_nothing_is_written() {
    struct Broken;
    impl Randomness for Broken {
        fn fill(&self, _: &mut [u8]) -> Result<(), RandomnessError> {
            Err(RandomnessError)
        }
    }
    let memory = Arc::new(MemoryStore::new());
    let store = sealed(&memory, one()).with_randomness(Broken);
    let place = Key::account(person(1));
    let swapped = store.compare_and_swap(&place, Expect::Absent, vec![7], &[]);
    assert!(matches!(swapped, Err(SealedError::Randomness(_))), "{swapped:?}");
    assert_eq!((memory.bytes(&place), memory.operations().1), (None, 0));
    assert!(SealingKey::draw(&Broken).is_err());
}

#[test]
fn nothing_shows_a_key() {
    let drawn = SealingKey::draw(&SeededRandomness::new(1)).unwrap();
    assert_ne!(drawn.expose(), &[0; 32]);
    assert_eq!(format!("{drawn:?}"), "SealingKey(redacted)");
    let again = SealingKey::new(drawn.expose()).unwrap();
    assert_eq!(again.expose(), drawn.expose());
    let keys = crate::two_and_one();
    let shown = "SealingKeys { current: SealingKeyId(2), older: [SealingKeyId(1)] }";
    assert_eq!(format!("{keys:?}"), shown);
    let store = Sealed::new(Blocking(MemoryStore::new()), keys).accepting_unsealed();
    assert_eq!(format!("{store:?}"), format!("Sealed {{ keys: {shown}, accepts_unsealed: true, .. }}"));
}
