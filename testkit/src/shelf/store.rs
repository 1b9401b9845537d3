//! One handle on the engine.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use parking_lot::Mutex;

use super::bug::Bug;
use super::engine::{Cell, Engine, Fault};
use super::names;
use super::values;
use super::versions;
use crate::conformance::{Rival, at_once};
use crate::unavailable::Unavailable;
use pinlatch::account::Event;
use pinlatch::host::{Blocking, BlockingStore, Expect, Key, Loaded, Swap, Version};

/// How many writes a write-behind cache holds back.
const HELD_BACK: usize = 4;

/// A store with one [`Bug`]. **For testing the kit; never use it for anything else.**
pub struct BrokenStore {
    bug: Option<Bug>,
    pub(super) engine: Arc<Mutex<Engine>>,
    /// Not the first handle on these records.
    is_another: bool,
    /// What this handle last saw of each record, for the bugs that go by it.
    memory: Mutex<Memory>,
    /// For the bug that locks only this handle.
    one_at_a_time: Mutex<()>,
    pub(super) rival_in_swap: Mutex<Option<Rival>>,
    pub(super) rival_in_load: Mutex<Option<Rival>>,
}

type Memory = BTreeMap<String, Option<Cell>>;

impl BrokenStore {
    pub(super) const fn on(bug: Option<Bug>, engine: Arc<Mutex<Engine>>, is_another: bool) -> Self {
        Self {
            bug,
            engine,
            is_another,
            memory: Mutex::new(BTreeMap::new()),
            one_at_a_time: Mutex::new(()),
            rival_in_swap: Mutex::new(None),
            rival_in_load: Mutex::new(None),
        }
    }

    pub(super) fn another(&self) -> Self {
        Self::on(self.bug, Arc::clone(&self.engine), true)
    }

    pub(super) fn delete(&self, key: &Key) -> bool {
        self.engine.lock().delete(&names::written(self.bug, key))
    }

    pub(super) fn delete_if_unchanged(&self, key: &Key, since: Version) -> bool {
        let name = names::written(self.bug, key);
        let mut engine = self.engine.lock();
        let unchanged = engine.version(&name) == Some(since.number());
        (unchanged || self.bug == Some(Bug::DeleteIgnoresVersion)) && engine.delete(&name)
    }

    fn let_write(&self, rival: &Mutex<Option<Rival>>) {
        let rival = rival.lock().take();
        if let Some(rival) = rival {
            at_once(rival.writes_through(&Blocking(&self.another())));
        }
    }

    fn read(&self, name: &str) -> Option<Cell> {
        let remembered = self.memory.lock().get(name).cloned();
        let mut engine = self.engine.lock();
        match (self.bug, remembered) {
            (
                Some(Bug::CacheNotInvalidated | Bug::CacheHearsOwnWritesOnly | Bug::WriteBehind),
                Some(remembered),
            ) => remembered,
            (
                Some(Bug::RemembersAbsence | Bug::LoadsRememberAbsence | Bug::OwnCreationUnseen),
                Some(None),
            ) => None,
            (Some(Bug::ReadsOneWriteBack), _) => engine.before(name),
            (Some(Bug::LaggingReplica), _) if self.is_another => engine.before(name),
            (Some(Bug::RevisionOfTheEngine), _) => {
                let version = engine.last_version();
                engine.now(name).map(|now| Cell { version, ..now })
            }
            _ => engine.now(name),
        }
    }

    /// Two statements, and whatever happens between them.
    fn read_in_two(&self, name: &str) -> Option<Cell> {
        let bytes = self.engine.lock().now(name)?.bytes;
        self.let_write(&self.rival_in_load);
        let version = self.engine.lock().version(name)?;
        Some(Cell { bytes, version })
    }

    fn load_while_down(&self, name: &str) -> Result<Option<Cell>, Unavailable> {
        match self.bug {
            Some(Bug::ErrorReadsAsAbsent) => Ok(None),
            Some(Bug::ErrorReadsFromMemory) => Ok(self.memory.lock().get(name).cloned().flatten()),
            _ => Err(Unavailable),
        }
    }

    fn found(&self, memory: &Memory, engine: &Engine, name: &str) -> Option<u64> {
        match (self.bug, memory.get(name)) {
            (Some(Bug::ComparesWithItsMemory | Bug::WriteBehind), Some(remembered)) => {
                remembered.as_ref().map(|cell| cell.version)
            }
            (Some(Bug::RemembersAbsence), Some(None)) => None,
            _ => engine.version(name),
        }
    }

    /// As it should be: nothing comes between the comparison and the write.
    fn in_one_step(&self, name: &str, expect: Expect, bytes: Vec<u8>) -> Swap {
        self.let_write(&self.rival_in_swap);
        let mut memory = self.memory.lock();
        let mut engine = self.engine.lock();
        let found = self.found(&memory, &engine, name);
        if versions::fit(self.bug, expect, found) {
            return self.write(&mut memory, &mut engine, name, bytes);
        }
        if self.bug == Some(Bug::CacheHearsOwnWritesOnly) {
            memory.remove(name);
        }
        engine.refuse(name, bytes);
        match self.bug {
            Some(Bug::ConflictSaysApplied) => Swap::Applied(Version::from_number(found.unwrap_or(0))),
            _ => Swap::Conflict,
        }
    }

    fn check_then_write(&self, name: &str, expect: Expect, bytes: Vec<u8>) -> Swap {
        let found = self.engine.lock().version(name);
        if !versions::fit(self.bug, expect, found) {
            return Swap::Conflict;
        }
        self.let_write(&self.rival_in_swap);
        self.wait_for_company();
        self.write(&mut self.memory.lock(), &mut self.engine.lock(), name, bytes)
    }

    /// In the gap between comparing and writing, until another call is in it as well, or for long.
    fn wait_for_company(&self) {
        let (company, met, spins) = {
            let mut engine = self.engine.lock();
            let met = engine.met_in_gap();
            (engine.enter_gap(), met, engine.gap_spins)
        };
        for _ in 0..spins {
            if company || self.engine.lock().met_in_gap() > met {
                break;
            }
            std::hint::spin_loop();
        }
        self.engine.lock().leave_gap();
    }

    fn write(&self, memory: &mut Memory, engine: &mut Engine, name: &str, bytes: Vec<u8>) -> Swap {
        let before = engine.now(name);
        let version = engine.next_version(name, &bytes);
        let kept = values::kept(self.bug, bytes, before.as_ref().map(|cell| &cell.bytes[..]));
        if let Some(bytes) = kept {
            self.remember(memory, name, Cell { bytes: bytes.clone(), version });
            if self.bug != Some(Bug::WriteBehind) {
                engine.put(name, bytes, version);
            } else if memory.len() >= HELD_BACK {
                for (name, cell) in std::mem::take(memory).into_iter().filter_map(both) {
                    engine.put(&name, cell.bytes, cell.version);
                }
            }
        }
        let said = match self.bug {
            Some(Bug::AppliedSaysOldVersion) => before.map_or(0, |before| before.version),
            _ => version,
        };
        Swap::Applied(Version::from_number(said))
    }

    /// What this handle knows of a record once it has written it.
    fn remember(&self, memory: &mut Memory, name: &str, cell: Cell) {
        match (self.bug, memory.get(name)) {
            (Some(Bug::CacheHearsOwnWritesOnly), _) => {
                memory.remove(name);
            }
            (Some(Bug::OwnCreationUnseen), Some(None)) => {}
            _ => {
                memory.insert(name.into(), Some(cell));
            }
        }
    }

    fn answer_while_down(&self) -> Result<Swap, Unavailable> {
        if self.bug == Some(Bug::QueuedWhileDown) { Ok(self.applied_nowhere()) } else { Err(Unavailable) }
    }

    fn answer_of_a_lost_request(&self) -> Swap {
        if self.bug == Some(Bug::LostRequestSaysApplied) { self.applied_nowhere() } else { Swap::Unknown }
    }

    fn applied_nowhere(&self) -> Swap {
        Swap::Applied(Version::from_number(self.engine.lock().last_version().saturating_add(1)))
    }
}

/// A remembered record; not a remembered absence.
fn both((name, cell): (String, Option<Cell>)) -> Option<(String, Cell)> {
    Some((name, cell?))
}

impl BlockingStore for BrokenStore {
    type Error = Unavailable;

    fn load(&self, key: &Key) -> Result<Option<Loaded>, Unavailable> {
        let name = names::read(self.bug, key);
        let down = self.engine.lock().down;
        let cell = if down {
            self.load_while_down(&name)?
        } else if self.bug == Some(Bug::TornRead) {
            self.read_in_two(&name)
        } else {
            self.let_write(&self.rival_in_load);
            self.read(&name)
        };
        if !down && self.bug != Some(Bug::WriteBehind) {
            self.memory.lock().insert(name, cell.clone());
        }
        if cell.is_none() && self.bug == Some(Bug::MissingReadsAsEmpty) {
            return Ok(Some(Loaded { bytes: Vec::new(), version: Version::from_number(0) }));
        }
        Ok(cell.map(|cell| Loaded { bytes: cell.bytes, version: Version::from_number(cell.version) }))
    }

    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> Result<Swap, Unavailable> {
        let name = names::written(self.bug, key);
        if self.engine.lock().down {
            return self.answer_while_down();
        }
        let fault = self.engine.lock().fault.take();
        match fault {
            Some(Fault::RequestLost) => return Ok(self.answer_of_a_lost_request()),
            Some(Fault::StopsHalfWay) => {
                self.engine.lock().stop_half_way(&name, bytes);
                return Ok(Swap::Unknown);
            }
            Some(Fault::ReplyLost) | None => {}
        }
        let answer = match self.bug {
            Some(Bug::CheckThenWrite) => self.check_then_write(&name, expect, bytes),
            Some(Bug::LockPerHandle) => {
                let _held = self.one_at_a_time.lock();
                self.check_then_write(&name, expect, bytes)
            }
            _ => self.in_one_step(&name, expect, bytes),
        };
        self.engine.lock().take_events(events, matches!(answer, Swap::Applied(_)));
        match (fault, self.bug) {
            (None, _) | (_, Some(Bug::LostReplySaysApplied)) => Ok(answer),
            (_, Some(Bug::LostReplySaysFailed)) => Err(Unavailable),
            _ => Ok(Swap::Unknown),
        }
    }

    fn takes_events(&self) -> bool {
        true
    }
}

impl fmt::Debug for BrokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BrokenStore({:?})", self.bug)
    }
}
