//! A store in memory that does exactly what a store must, and counts.

use std::collections::HashMap;
use std::fmt;

use parking_lot::Mutex;
use pinlatch::account::Event;
use pinlatch::host::{Blocking, BlockingStore, Expect, Key, Loaded, Swap, Version};

use super::conformance::{Rival, at_once};
use super::unavailable::Unavailable;

/// A strict store: one lock around compare and swap, one sequence of versions for all keys.
#[derive(Default)]
pub struct MemoryStore {
    records: Mutex<Records>,
    hooks: Mutex<Hooks>,
    takes_events: bool,
}

#[derive(Default)]
struct Records {
    map: HashMap<Key, Loaded>,
    last_version: u64,
    loads: u64,
    swaps: u64,
    down: bool,
    events: Vec<Event>,
}

/// What happens to the next swap.
#[derive(Clone, Copy, PartialEq, Eq)]
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

impl Records {
    fn put(&mut self, key: Key, bytes: Vec<u8>) -> Version {
        self.last_version += 1;
        let version = Version::from_number(self.last_version);
        self.map.insert(key, Loaded { bytes, version });
        version
    }
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store that keeps the events of a write itself, as a table in the same transaction would.
    #[must_use]
    pub fn taking_events() -> Self {
        Self { takes_events: true, ..Self::default() }
    }

    /// The events that it took, in order.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.records.lock().events.clone()
    }

    /// How many loads and swaps it was asked for.
    #[must_use]
    pub fn operations(&self) -> (u64, u64) {
        let records = self.records.lock();
        (records.loads, records.swaps)
    }

    /// From now on answers every call with an error, or works again.
    pub fn set_down(&self, down: bool) {
        self.records.lock().down = down;
    }

    /// The bytes under a key, past all counting.
    #[must_use]
    pub fn bytes(&self, key: &Key) -> Option<Vec<u8>> {
        self.records.lock().map.get(key).map(|found| found.bytes.clone())
    }

    /// Puts bytes under a key, past every check: the damage that a test wants to see survived.
    /// `None` removes the record.
    pub fn overwrite(&self, key: &Key, bytes: Option<Vec<u8>>) {
        let mut records = self.records.lock();
        match bytes {
            Some(bytes) => drop(records.put(*key, bytes)),
            None => drop(records.map.remove(key)),
        }
    }

    /// Removes a record if it is still at this version; whether it was removed.
    pub fn delete_if_unchanged(&self, key: &Key, since: Version) -> bool {
        let mut records = self.records.lock();
        let is_found = records.map.get(key).is_some_and(|found| found.version == since);
        is_found && records.map.remove(key).is_some()
    }

    /// The next swap happens, and is answered `Unknown`.
    pub fn lose_next_reply(&self) {
        self.hooks.lock().lost = Some(Lost::Reply);
    }

    /// The next swap does not happen, and is answered `Unknown`.
    pub fn lose_next_request(&self) {
        self.hooks.lock().lost = Some(Lost::Request);
    }

    /// Somebody else writes at the last moment before the next swap takes the lock.
    pub fn interrupt_next_swap(&self, rival: Rival) {
        self.hooks.lock().rival_in_swap = Some(rival);
    }

    /// Somebody else writes at the last moment before the next load takes the lock.
    pub fn interrupt_next_load(&self, rival: Rival) {
        self.hooks.lock().rival_in_load = Some(rival);
    }

    /// Goes on as if versions below this number had been given. It never goes back.
    pub fn set_next_version(&self, number: u64) {
        let mut records = self.records.lock();
        records.last_version = records.last_version.max(number.saturating_sub(1));
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
        let rival = self.hooks.lock().rival_in_load.take();
        self.let_write(rival);
        let mut records = self.records.lock();
        records.loads += 1;
        if records.down { Err(Unavailable) } else { Ok(records.map.get(key).cloned()) }
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        let rival = self.hooks.lock().rival_in_swap.take();
        self.let_write(rival);
        let mut records = self.records.lock();
        records.swaps += 1;
        if records.down {
            return Err(Unavailable);
        }
        let lost = self.hooks.lock().lost.take();
        if lost == Some(Lost::Request) {
            return Ok(Swap::Unknown);
        }
        let found = records.map.get(key).map_or(Expect::Absent, |found| Expect::At(found.version));
        if found != expect {
            return Ok(Swap::Conflict);
        }
        let version = records.put(*key, bytes);
        for event in events {
            if !records.events.iter().any(|known| known.id == event.id) {
                records.events.push(*event);
            }
        }
        Ok(if lost.is_some() { Swap::Unknown } else { Swap::Applied(version) })
    }

    fn takes_events(&self) -> bool {
        self.takes_events
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} records)", self.records.lock().map.len())
    }
}
