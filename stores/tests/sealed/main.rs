//! Any store, sealed: what somebody can do who writes the database, and what a host can do wrong.

mod anything;
mod configuration;
mod conformance;
mod host;
mod journal;
mod known_answers;
mod rotation;
mod tampering;

use std::sync::Arc;

use pinlatch::host::{BlockingStore, Expect, Key, Swap};
use pinlatch_stores::sealed::{Sealed, SealingKey, SealingKeyId, SealingKeys};
use pinlatch_testkit::MemoryStore;

/// A store on a database that the test looks into.
type Store = Sealed<Arc<MemoryStore>>;

/// What a damaged record reads as.
const DAMAGED: [u8; 0] = [];

fn number(number: u32) -> SealingKeyId {
    SealingKeyId::from_number(number)
}

fn key(byte: u8) -> SealingKey {
    SealingKey::new(&[byte; 32]).unwrap()
}

/// Key 1 alone.
fn one() -> SealingKeys {
    SealingKeys::new(number(1), key(1))
}

/// Key 2, and key 1 as an older one.
fn two_and_one() -> SealingKeys {
    SealingKeys::new(number(2), key(2)).with_older(number(1), key(1)).unwrap()
}

fn sealed(database: &Arc<MemoryStore>, keys: SealingKeys) -> Store {
    Sealed::new(Arc::clone(database), keys)
}

/// Writes over whatever is there.
fn put(store: &impl BlockingStore, key: &Key, bytes: &[u8]) {
    let expect = store.load(key).unwrap().map_or(Expect::Absent, |found| Expect::At(found.version));
    let swapped = store.compare_and_swap(key, expect, bytes.to_vec(), &[]).unwrap();
    assert!(matches!(swapped, Swap::Applied(_)), "{swapped:?}");
}

fn load(store: &impl BlockingStore, key: &Key) -> Vec<u8> {
    store.load(key).unwrap().unwrap().bytes
}

/// Makes the checksum right again, as anybody can who changes a record on purpose.
fn with_its_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let crc = crc32fast::hash(&[&bytes[..10], &bytes[14..]].concat());
    bytes[10..14].copy_from_slice(&crc.to_le_bytes());
    bytes
}
