//! A store in memory for a million accounts, asked by several threads; `benches/peers` measures with
//! the same file. The testkit's is one map behind one lock, as tests want it: here that map and that
//! lock would be what is measured.
//!
//! The records lie in shards with a lock each, so that threads seldom meet, and each in one block of
//! just its size, so that there is room for millions.

use std::array;
use std::convert::Infallible;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use pinlatch::account::Event;
use pinlatch::host::{BlockingStore, Expect, Key, Loaded, Swap, Version};

/// A strict store: one lock around compare and swap, one sequence of versions for all keys.
pub struct ShardedStore {
    shards: Box<[Shard; SHARDS]>,
    last_version: AtomicU64,
}

const SHARDS: usize = 64;

/// On cache lines of its own, so that neighbours do not slow each other down.
#[derive(Default)]
#[repr(align(128))]
struct Shard(Mutex<Records>);

#[derive(Default)]
struct Records {
    table: HashTable<Record>,
    hasher: DefaultHashBuilder,
    loads: u64,
    swaps: u64,
}

/// The key, the version, and the bytes, in one block: whoever has found the record has the beginning
/// of its bytes at hand.
struct Record(Box<[u8]>);

/// A key in half its length: its letter, and the sixteen bytes that its digits stand for.
type ShortKey = [u8; SHORT_KEY_BYTES];

const SHORT_KEY_BYTES: usize = 17;
const BEFORE_BYTES: usize = SHORT_KEY_BYTES + 8;

fn shortened(key: &Key) -> ShortKey {
    let text = key.as_str().as_bytes();
    let mut short = [text[0]; SHORT_KEY_BYTES];
    let (_letter_and_dash, digits) = text.split_at(2);
    for (byte, [high, low]) in short[1..].iter_mut().zip(digits.as_chunks().0) {
        *byte = digit(*high) << 4 | digit(*low);
    }
    short
}

/// The value of a lowercase hexadecimal digit: of `0` to `9` and of `a` to `f` the low four bits, and
/// 9 more for a letter.
const fn digit(character: u8) -> u8 {
    (character & 0xf) + 9 * (character >> 6)
}

impl Record {
    fn new(key: ShortKey, version: Version, bytes: &[u8]) -> Self {
        let number = version.number().to_le_bytes();
        Self([key.as_slice(), &number, bytes].concat().into())
    }

    fn key(&self) -> Option<&ShortKey> {
        self.0.first_chunk()
    }

    fn is_of(&self, key: &ShortKey) -> bool {
        self.key() == Some(key)
    }

    fn version(&self) -> Version {
        let number = self.0[SHORT_KEY_BYTES..].first_chunk().expect("written by `new`");
        Version::from_number(u64::from_le_bytes(*number))
    }

    fn bytes(&self) -> Vec<u8> {
        self.0[BEFORE_BYTES..].to_vec()
    }
}

impl Records {
    fn find(&self, key: &ShortKey) -> Option<&Record> {
        self.table.find(self.hasher.hash_one(Some(key)), |record| record.is_of(key))
    }

    fn put(&mut self, record: Record) {
        let Self { table, hasher, .. } = self;
        let hash = |record: &Record| hasher.hash_one(record.key());
        match table.entry(hash(&record), |known| known.key() == record.key(), hash) {
            Entry::Occupied(mut known) => *known.get_mut() = record,
            Entry::Vacant(place) => {
                place.insert(record);
            }
        }
    }
}

impl Default for ShardedStore {
    fn default() -> Self {
        let shards = Box::new(array::from_fn(|_| Shard::default()));
        Self { shards, last_version: AtomicU64::new(0) }
    }
}

impl ShardedStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many loads and swaps it was asked for.
    #[must_use]
    pub fn operations(&self) -> (u64, u64) {
        let counts = self.shards.iter().map(|shard| {
            let records = shard.0.lock().expect("not poisoned");
            (records.loads, records.swaps)
        });
        counts
            .fold((0, 0), |(loads, swaps), (more_loads, more_swaps)| (loads + more_loads, swaps + more_swaps))
    }

    /// Puts bytes under a key whatever is there, past all counting: what a measurement begins with.
    pub fn overwrite(&self, key: &Key, bytes: &[u8]) {
        let key = shortened(key);
        let mut records = self.records(&key);
        let version = self.next_version();
        records.put(Record::new(key, version, bytes));
    }

    fn records(&self, key: &ShortKey) -> MutexGuard<'_, Records> {
        let [.., last] = *key;
        self.shards[usize::from(last) % SHARDS].0.lock().expect("not poisoned")
    }

    fn next_version(&self) -> Version {
        Version::from_number(self.last_version.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

impl BlockingStore for ShardedStore {
    type Error = Infallible;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Infallible> {
        let key = shortened(key);
        let mut records = self.records(&key);
        records.loads += 1;
        let found = records.find(&key);
        Ok(found.map(|record| Loaded { bytes: record.bytes(), version: record.version() }))
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        _: &[Event],
    ) -> Result<Swap, Infallible> {
        let key = shortened(key);
        let mut records = self.records(&key);
        records.swaps += 1;
        let found = records.find(&key).map_or(Expect::Absent, |record| Expect::At(record.version()));
        if found != expect {
            return Ok(Swap::Conflict);
        }
        let version = self.next_version();
        records.put(Record::new(key, version, &bytes));
        Ok(Swap::Applied(version))
    }
}

impl fmt::Debug for ShardedStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.shards.iter().map(|shard| shard.0.lock().expect("not poisoned").table.len());
        write!(f, "ShardedStore({} records)", counts.sum::<usize>())
    }
}
