//! A store in memory that does exactly what a store must, and counts.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::hash::BuildHasher;
use core::sync::atomic::{AtomicBool, Ordering};
use core::{array, fmt};

use hashbrown::hash_table::{Entry, OccupiedEntry};
use hashbrown::{DefaultHashBuilder, HashTable};
use spin::{Mutex, MutexGuard};

use crate::host::{Blocking, BlockingStore, Expect, Key, Loaded, Swap, Version};

use super::conformance::{Rival, at_once};
use super::unavailable::Unavailable;

/// A strict store: one lock around compare and swap, one sequence of versions for all keys.
///
/// The records lie in shards with a lock each, so that threads seldom meet, and each in one block of
/// just its size, so that it can be filled with millions of accounts.
pub struct MemoryStore {
    shards: Box<[Shard; SHARDS]>,
    last_version: Mutex<u64>,
    down: AtomicBool,
    /// Whether something is in `hooks`, so that the usual call does not look.
    hooked: AtomicBool,
    hooks: Mutex<Hooks>,
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

/// Whose record of which kind, its version, and the bytes, in one block: whoever has found the
/// record has the beginning of its bytes at hand.
struct Record(Box<[u8]>);

const OWNER_BYTES: usize = 17;
const BEFORE_BYTES: usize = OWNER_BYTES + 8;

/// The kind of the record, and whose it is.
fn owner(key: &Key) -> [u8; OWNER_BYTES] {
    let mut owner = [key.kind() as u8; OWNER_BYTES];
    let (_kind, person) = owner.split_at_mut(1);
    person.copy_from_slice(key.person_of().as_bytes());
    owner
}

impl Record {
    fn new(owner: [u8; OWNER_BYTES], version: Version, bytes: &[u8]) -> Self {
        let number = version.number().to_le_bytes();
        Self([owner.as_slice(), &number, bytes].concat().into())
    }

    fn is_of(&self, owner: &[u8; OWNER_BYTES]) -> bool {
        self.owner() == Some(owner)
    }

    fn owner(&self) -> Option<&[u8; OWNER_BYTES]> {
        self.0.first_chunk()
    }

    fn version(&self) -> Version {
        let number = self.0.get(OWNER_BYTES..).and_then(|rest| rest.first_chunk());
        Version::from_number(number.map_or(0, |number| u64::from_le_bytes(*number)))
    }

    fn bytes(&self) -> Vec<u8> {
        self.0.get(BEFORE_BYTES..).unwrap_or_default().to_vec()
    }
}

impl Records {
    fn find(&self, owner: &[u8; OWNER_BYTES]) -> Option<&Record> {
        self.table.find(self.hasher.hash_one(Some(owner)), |record| record.is_of(owner))
    }

    fn put(&mut self, owner: [u8; OWNER_BYTES], version: Version, bytes: &[u8]) {
        let record = Record::new(owner, version, bytes);
        let Self { table, hasher, .. } = self;
        let hash = |record: &Record| hasher.hash_one(record.owner());
        match table.entry(hash(&record), |known| known.is_of(&owner), hash) {
            Entry::Occupied(mut known) => *known.get_mut() = record,
            Entry::Vacant(place) => {
                place.insert(record);
            }
        }
    }

    fn remove(&mut self, owner: &[u8; OWNER_BYTES]) -> bool {
        let hash = self.hasher.hash_one(Some(owner));
        self.table.find_entry(hash, |record| record.is_of(owner)).map(OccupiedEntry::remove).is_ok()
    }
}

/// What happens to the next swap.
#[derive(Clone, Copy)]
enum Lost {
    Request,
    Reply,
}

#[derive(Default)]
struct Hooks {
    lost: Option<Lost>,
    rival_in_swap: Option<Rival>,
    rival_in_load: Option<Rival>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self {
            shards: Box::new(array::from_fn(|_| Shard::default())),
            last_version: Mutex::new(0),
            down: AtomicBool::new(false),
            hooked: AtomicBool::new(false),
            hooks: Mutex::new(Hooks::default()),
        }
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many loads and swaps it was asked for.
    #[must_use]
    pub fn operations(&self) -> (u64, u64) {
        self.shards.iter().fold((0, 0), |(loads, swaps), shard| {
            let records = shard.0.lock();
            (records.loads.saturating_add(loads), records.swaps.saturating_add(swaps))
        })
    }

    /// From now on answers every call with an error, or works again.
    pub fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// The bytes under a key, past all counting.
    #[must_use]
    pub fn bytes(&self, key: &Key) -> Option<Vec<u8>> {
        let owner = owner(key);
        self.records(&owner).find(&owner).map(Record::bytes)
    }

    /// Puts bytes under a key, past every check: the damage that a test wants to see survived.
    /// `None` removes the record.
    pub fn overwrite(&self, key: &Key, bytes: Option<Vec<u8>>) {
        let owner = owner(key);
        let mut records = self.records(&owner);
        let version = self.next_version();
        match bytes {
            Some(bytes) => records.put(owner, version, &bytes),
            None => {
                let _was_there = records.remove(&owner);
            }
        }
    }

    /// Removes a record if it is still at this version; whether it was removed.
    pub fn delete_if_unchanged(&self, key: &Key, since: Version) -> bool {
        let owner = owner(key);
        let mut records = self.records(&owner);
        let is_found = records.find(&owner).is_some_and(|record| record.version() == since);
        is_found && records.remove(&owner)
    }

    /// The next swap happens, and is answered `Unknown`.
    pub fn lose_next_reply(&self) {
        self.hook(|hooks| hooks.lost = Some(Lost::Reply));
    }

    /// The next swap does not happen, and is answered `Unknown`.
    pub fn lose_next_request(&self) {
        self.hook(|hooks| hooks.lost = Some(Lost::Request));
    }

    /// Somebody else writes at the last moment before the next swap takes the lock.
    pub fn interrupt_next_swap(&self, rival: Rival) {
        self.hook(|hooks| hooks.rival_in_swap = Some(rival));
    }

    /// Somebody else writes at the last moment before the next load takes the lock.
    pub fn interrupt_next_load(&self, rival: Rival) {
        self.hook(|hooks| hooks.rival_in_load = Some(rival));
    }

    /// Goes on as if versions below this number had been given. It never goes back.
    pub fn set_next_version(&self, number: u64) {
        let mut last = self.last_version.lock();
        *last = number.saturating_sub(1).max(*last);
    }

    fn hook(&self, change: impl FnOnce(&mut Hooks)) {
        change(&mut self.hooks.lock());
        self.hooked.store(true, Ordering::SeqCst);
    }

    /// Takes what `take` takes out of the hooks, if there is anything in them.
    fn hooked<T>(&self, take: impl FnOnce(&mut Hooks) -> Option<T>) -> Option<T> {
        if !self.hooked.load(Ordering::SeqCst) {
            return None;
        }
        let mut hooks = self.hooks.lock();
        let taken = take(&mut hooks);
        let Hooks { lost, rival_in_swap, rival_in_load } = &*hooks;
        let left = lost.is_some() || rival_in_swap.is_some() || rival_in_load.is_some();
        self.hooked.store(left, Ordering::SeqCst);
        taken
    }

    fn records(&self, owner: &[u8; OWNER_BYTES]) -> MutexGuard<'_, Records> {
        let [.., last] = *owner;
        let [first, ..] = &*self.shards;
        let shard = usize::from(last).checked_rem(SHARDS).and_then(|number| self.shards.get(number));
        shard.unwrap_or(first).0.lock()
    }

    fn next_version(&self) -> Version {
        let mut last = self.last_version.lock();
        *last = last.saturating_add(1);
        Version::from_number(*last)
    }

    fn let_write(&self, rival: Option<Rival>) {
        if let Some(rival) = rival {
            at_once(rival.writes_through(&Blocking(self)));
        }
    }
}

impl BlockingStore for MemoryStore {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        self.let_write(self.hooked(|hooks| hooks.rival_in_load.take()));
        let owner = owner(key);
        let mut records = self.records(&owner);
        records.loads = records.loads.saturating_add(1);
        if self.down.load(Ordering::SeqCst) {
            return Err(Unavailable);
        }
        let found = records.find(&owner);
        Ok(found.map(|record| Loaded { bytes: record.bytes(), version: record.version() }))
    }

    fn compare_and_swap(&self, key: &Key, expect: Expect, bytes: Vec<u8>) -> Result<Swap, Unavailable> {
        self.let_write(self.hooked(|hooks| hooks.rival_in_swap.take()));
        let owner = owner(key);
        let mut records = self.records(&owner);
        records.swaps = records.swaps.saturating_add(1);
        if self.down.load(Ordering::SeqCst) {
            return Err(Unavailable);
        }
        let lost = self.hooked(|hooks| hooks.lost.take());
        if matches!(lost, Some(Lost::Request)) {
            return Ok(Swap::Unknown);
        }
        let found = records.find(&owner).map(Record::version);
        let expected = match expect {
            Expect::Absent => None,
            Expect::At(version) => Some(version),
        };
        if found != expected {
            return Ok(Swap::Conflict);
        }
        let version = self.next_version();
        records.put(owner, version, &bytes);
        Ok(if lost.is_some() { Swap::Unknown } else { Swap::Applied(version) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.shards.iter().map(|shard| shard.0.lock().table.len());
        let records = counts.fold(0, usize::saturating_add);
        write!(f, "MemoryStore({records} records)")
    }
}
