//! A store in memory that does exactly what a store must, and counts.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use spin::Mutex;

use crate::host::{Blocking, BlockingStore, Expect, Key, Loaded, Swap, Version};

use super::conformance::{Rival, at_once};
use super::unavailable::Unavailable;

/// A strict store: one lock around compare and swap, one sequence of versions for all keys.
#[derive(Default)]
pub struct MemoryStore(Mutex<State>);

/// What happens to the next swap.
#[derive(Clone, Copy)]
enum Lost {
    Request,
    Reply,
}

#[derive(Default)]
struct State {
    records: BTreeMap<Key, Loaded>,
    last_version: u64,
    loads: u64,
    swaps: u64,
    down: bool,
    lost: Option<Lost>,
    rival_in_swap: Option<Rival>,
    rival_in_load: Option<Rival>,
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

    /// Removes a record if it is still at this version; whether it was removed.
    pub fn delete_if_unchanged(&self, key: &Key, since: Version) -> bool {
        let mut state = self.0.lock();
        let found = state.records.get(key).is_some_and(|record| record.version == since);
        found && state.records.remove(key).is_some()
    }

    /// The next swap happens, and is answered `Unknown`.
    pub fn lose_next_reply(&self) {
        self.0.lock().lost = Some(Lost::Reply);
    }

    /// The next swap does not happen, and is answered `Unknown`.
    pub fn lose_next_request(&self) {
        self.0.lock().lost = Some(Lost::Request);
    }

    /// Somebody else writes at the last moment before the next swap takes the lock.
    pub fn interrupt_next_swap(&self, rival: Rival) {
        self.0.lock().rival_in_swap = Some(rival);
    }

    /// Somebody else writes at the last moment before the next load takes the lock.
    pub fn interrupt_next_load(&self, rival: Rival) {
        self.0.lock().rival_in_load = Some(rival);
    }

    /// Goes on as if versions below this number had been given. It never goes back.
    pub fn set_next_version(&self, number: u64) {
        let mut state = self.0.lock();
        state.last_version = state.last_version.max(number.saturating_sub(1));
    }

    fn let_write(&self, rival: Option<Rival>) {
        if let Some(rival) = rival {
            at_once(rival.writes_through(&Blocking(self)));
        }
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
        let rival = self.0.lock().rival_in_load.take();
        self.let_write(rival);
        let mut state = self.0.lock();
        state.loads = state.loads.saturating_add(1);
        if state.down { Err(Unavailable) } else { Ok(state.records.get(key).cloned()) }
    }

    fn compare_and_swap(&self, key: &Key, expect: Expect, bytes: Vec<u8>) -> Result<Swap, Unavailable> {
        let rival = self.0.lock().rival_in_swap.take();
        self.let_write(rival);
        let mut state = self.0.lock();
        state.swaps = state.swaps.saturating_add(1);
        if state.down {
            return Err(Unavailable);
        }
        let lost = state.lost.take();
        if matches!(lost, Some(Lost::Request)) {
            return Ok(Swap::Unknown);
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
        Ok(if lost.is_some() { Swap::Unknown } else { Swap::Applied(version) })
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} records)", self.0.lock().records.len())
    }
}
