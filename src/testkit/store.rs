//! A store in memory that does exactly what a store must, and counts.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use spin::Mutex;

use crate::host::{BlockingStore, Expect, Key, Loaded, Swap, Version};

use super::unavailable::Unavailable;

/// A strict store: one lock around compare and swap, one sequence of versions for all keys.
#[derive(Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Default)]
struct State {
    records: BTreeMap<Key, Loaded>,
    last_version: u64,
    loads: u64,
    swaps: u64,
    down: bool,
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
        let state = self.0.lock();
        (state.loads, state.swaps)
    }

    /// From now on answers every call with an error, or works again.
    pub fn set_down(&self, down: bool) {
        self.0.lock().down = down;
    }

    /// The bytes under a key, past all counting.
    #[must_use]
    pub fn bytes(&self, key: &Key) -> Option<Vec<u8>> {
        self.0.lock().records.get(key).map(|record| record.bytes.clone())
    }

    /// Puts bytes under a key, past every check: the damage that a test wants to see survived.
    /// `None` removes the record.
    pub fn overwrite(&self, key: &Key, bytes: Option<Vec<u8>>) {
        let mut state = self.0.lock();
        let version = state.next_version();
        match bytes {
            Some(bytes) => state.records.insert(*key, Loaded { bytes, version }),
            None => state.records.remove(key),
        };
    }
}

impl State {
    fn next_version(&mut self) -> Version {
        self.last_version = self.last_version.saturating_add(1);
        Version::from_number(self.last_version)
    }
}

impl BlockingStore for MemoryStore {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        let mut state = self.0.lock();
        state.loads = state.loads.saturating_add(1);
        if state.down { Err(Unavailable) } else { Ok(state.records.get(key).cloned()) }
    }

    fn compare_and_swap(&self, key: &Key, expect: Expect, bytes: Vec<u8>) -> Result<Swap, Unavailable> {
        let mut state = self.0.lock();
        state.swaps = state.swaps.saturating_add(1);
        if state.down {
            return Err(Unavailable);
        }
        let found = state.records.get(key).map(|record| record.version);
        let expected = match expect {
            Expect::Absent => None,
            Expect::At(version) => Some(version),
        };
        if found != expected {
            return Ok(Swap::Conflict);
        }
        let version = state.next_version();
        state.records.insert(*key, Loaded { bytes, version });
        Ok(Swap::Applied(version))
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} records)", self.0.lock().records.len())
    }
}
