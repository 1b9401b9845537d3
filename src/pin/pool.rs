//! Argon2id in a fixed number of working memories, which are used again.

use alloc::collections::VecDeque;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
use core::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};

use super::hasher::{HashInput, HasherError, PinHasher, argon2id, hash_in};
use super::working_memory::{Lent, WorkingMemory};

/// Argon2id by the `argon2` crate, on the calling thread, in one of a fixed number of working
/// memories. Clones share them: keep one to look at while the gate has the other.
///
/// - **Bounded.** At most [`slots`](Self::slots) hashes run at a time, in at most as many working
///   memories of the largest parameters seen: two slots at 19 MiB hold 38 MiB, under any load. A
///   further caller waits on its own thread; the one that waits longest is served first.
/// - **Reused.** A working memory is allocated when it is first needed, and once more if larger
///   parameters come. After that a hash allocates nothing.
/// - **Wiped.** It is wiped before the next caller gets it, also after an error or a panic, neither
///   of which costs a slot.
///
/// ```
/// use std::num::NonZeroUsize;
///
/// use pinlatch::pin::{PooledArgon2id, check_hasher};
///
/// let pool = PooledArgon2id::new(NonZeroUsize::new(2).ok_or("no slots")?);
/// check_hasher(&pool)?; // two hashes, one after the other
/// assert_eq!(pool.memory_kib(), 19_456);
/// pool.release_memory();
/// assert_eq!(pool.memory_kib(), 0);
/// // Gate::builder(host).hasher(pool.clone())
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
#[doc = include_str!("sizing.md")]
#[derive(Clone)]
pub struct PooledArgon2id {
    pool: Arc<Pool>,
}

impl PooledArgon2id {
    /// So many hashes at a time. More than there are cores only adds memory and waiting. Nothing is
    /// allocated before it is needed.
    #[must_use]
    pub fn new(slots: NonZeroUsize) -> Self {
        Self { pool: Arc::new(Pool { slots, state: Mutex::default() }) }
    }

    /// As many hashes at a time as this process may use cores, by
    /// [`std::thread::available_parallelism`]; one if that cannot be told.
    #[must_use]
    pub fn one_per_core() -> Self {
        Self::new(thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }

    /// How many hashes run at a time. An async host's `Offload` hands over no more than this, so
    /// that no thread of its blocking pool merely waits; see `examples/async_host.rs`.
    #[must_use]
    pub fn slots(&self) -> NonZeroUsize {
        self.pool.slots
    }

    /// How many callers wait for a slot, now. A host that sheds load looks here before it calls the gate. A request
    /// turned away later would hold one of the device's five places until the answer window and the skew are over.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.pool.state().queue.len()
    }

    /// How much working memory is held, in KiB, whether a hash runs in it or not: at most
    /// [`slots`](Self::slots) times the largest parameters seen.
    #[must_use]
    pub fn memory_kib(&self) -> usize {
        self.pool.state().held_blocks
    }

    /// Frees the working memory in which no hash runs. The next hash allocates again. For a host
    /// that has gone quiet, or that has lowered its parameters.
    pub fn release_memory(&self) {
        let freed = {
            let mut state = self.pool.state();
            let idle = mem::take(&mut state.idle);
            let blocks = idle.iter().map(WorkingMemory::blocks).sum();
            state.held_blocks = state.held_blocks.saturating_sub(blocks);
            idle
        };
        drop(freed); // unmapping takes long: not while the pool is locked
    }

    /// A slot with memory for so many blocks, as soon as one is free.
    pub(super) fn slot(&self, blocks: usize) -> Result<Slot<'_>, HasherError> {
        let mut slot = Slot { pool: &self.pool, memory: self.pool.take(), blocks };
        slot.grow()?;
        Ok(slot)
    }
}

impl fmt::Debug for PooledArgon2id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PooledArgon2id")
            .field("slots", &self.slots())
            .field("waiting", &self.waiting())
            .field("memory_kib", &self.memory_kib())
            .finish()
    }
}

impl PinHasher for PooledArgon2id {
    fn hash(&self, input: &HashInput<'_>, out: &mut [u8; 32]) -> Result<(), HasherError> {
        let argon2 = argon2id(input)?;
        let mut slot = self.slot(argon2.params().block_count())?;
        hash_in(slot.lend(), &argon2, input, out)
    }
}

/// The slots, and who waits for one.
struct Pool {
    slots: NonZeroUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many slots are taken. While it is all of them, and only then, callers wait.
    taken: usize,
    /// Wiped memories of free slots. The one used last is used next, so that under little load few
    /// are ever made.
    idle: Vec<WorkingMemory>,
    /// In all memories, idle or not.
    held_blocks: usize,
    /// Who waits, the longest first.
    queue: VecDeque<Thread>,
    /// Tickets drawn by those who ever waited, and how many of them have been served.
    drawn: u64,
    served: u64,
}

impl Pool {
    /// Takes a slot, and the memory that goes with it.
    fn take(&self) -> WorkingMemory {
        let mut state = self.state();
        if state.taken < self.slots.get() {
            state.taken = state.taken.saturating_add(1);
        } else {
            let ticket = state.drawn;
            state.drawn = ticket.wrapping_add(1);
            state.queue.push_back(thread::current());
            // Parking may end for no reason; the ticket tells.
            while state.served <= ticket {
                drop(state);
                thread::park();
                state = self.state();
            }
        }
        state.idle.pop().unwrap_or_default()
    }

    /// Gives a slot back. If somebody waits, it is handed over and never free: a caller that comes
    /// just now cannot overtake.
    fn give_back(&self, memory: WorkingMemory) {
        let mut state = self.state();
        state.idle.push(memory);
        let next = state.queue.pop_front();
        if next.is_some() {
            state.served = state.served.wrapping_add(1);
        } else {
            state.taken = state.taken.saturating_sub(1);
        }
        drop(state);
        if let Some(thread) = next {
            thread.unpark();
        }
    }

    /// The state is whole at every point where a thread could panic, so that poison means nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A slot that is taken, until this is dropped.
pub(super) struct Slot<'a> {
    pool: &'a Pool,
    memory: WorkingMemory,
    blocks: usize,
}

impl Slot<'_> {
    /// The blocks asked for, wiped when they are dropped.
    pub(super) fn lend(&mut self) -> Lent<'_> {
        self.memory.lend(self.blocks)
    }

    /// Allocates without the lock: it takes as long as a good part of a hash.
    fn grow(&mut self) -> Result<(), HasherError> {
        let before = self.memory.blocks();
        let grown = self.memory.grow_to(self.blocks);
        let after = self.memory.blocks();
        if after != before {
            let mut state = self.pool.state();
            state.held_blocks = state.held_blocks.saturating_sub(before).saturating_add(after);
        }
        grown.map_err(|_| HasherError::OutOfMemory)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.pool.give_back(mem::take(&mut self.memory));
    }
}
