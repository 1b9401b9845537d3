//! A fixed number of working memories, which are used again, first come first served.

use std::collections::VecDeque;
use std::mem;
use std::num::NonZeroUsize;
use std::sync::mpsc::{SendError, Sender, channel};
use std::sync::{Mutex, MutexGuard, PoisonError};

use argon2_rust::{Algorithm, Argon2, Hasher, Params, Version};
use pinlatch::pin::HasherError;

use super::refused;

/// The slots, and who waits for one.
pub(super) struct Pool {
    slots: NonZeroUsize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// How many slots are taken. While it is all of them, and only then, callers wait.
    taken: usize,
    /// The memories of free slots, wiped. The one used last is used next, so that under little load few are ever
    /// made.
    idle: Vec<Hasher>,
    /// In all memories, idle or not.
    held_kib: usize,
    /// Who waits, the longest first: where to hand a slot over.
    queue: VecDeque<Sender<Hasher>>,
}

impl Pool {
    pub(super) fn new(slots: NonZeroUsize) -> Self {
        Self { slots, state: Mutex::default() }
    }

    pub(super) fn slots(&self) -> NonZeroUsize {
        self.slots
    }

    pub(super) fn waiting(&self) -> usize {
        self.state().queue.len()
    }

    pub(super) fn memory_kib(&self) -> usize {
        self.state().held_kib
    }

    pub(super) fn release_memory(&self) {
        let freed = {
            let mut state = self.state();
            let idle = mem::take(&mut state.idle);
            state.held_kib = state.held_kib.saturating_sub(idle.iter().map(Hasher::reserved_blocks).sum());
            idle
        };
        drop(freed); // unmapping takes long: not while the pool is locked
    }

    /// A slot with memory for that computation, as soon as one is free.
    pub(super) fn slot(&self, argon2: Argon2) -> Result<Slot<'_>, HasherError> {
        let mut slot = Slot { pool: self, hasher: self.take() };
        slot.prepare(argon2)?;
        Ok(slot)
    }

    fn take(&self) -> Hasher {
        let mut state = self.state();
        if state.taken < self.slots.get() {
            state.taken = state.taken.saturating_add(1);
            return state.idle.pop().unwrap_or_else(without_memory);
        }
        let (hand_over, handed) = channel();
        state.queue.push_back(hand_over);
        drop(state);
        // The sender leaves the queue to send, and for nothing else.
        handed.recv().unwrap_or_else(|_| without_memory())
    }

    /// Gives a slot back. If somebody waits, it is handed over and never free: a caller that comes just now cannot
    /// overtake.
    fn give_back(&self, hasher: Hasher) {
        let mut state = self.state();
        let Some(next) = state.queue.pop_front() else {
            state.idle.push(hasher);
            state.taken = state.taken.saturating_sub(1);
            return;
        };
        drop(state);
        if let Err(SendError(hasher)) = next.send(hasher) {
            self.give_back(hasher); // nobody stops waiting; if one did, it is the next one's turn
        }
    }

    /// The state is whole at every point where a thread could panic, so that poison means nothing.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hasher that holds no memory yet, and no parameters that anybody uses.
fn without_memory() -> Hasher {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT).hasher()
}

/// A slot that is taken, until this is dropped: also after an error or a panic.
pub(super) struct Slot<'a> {
    pool: &'a Pool,
    hasher: Hasher,
}

impl Slot<'_> {
    /// It wipes its memory at the end of each hash.
    pub(super) fn hasher(&mut self) -> &mut Hasher {
        &mut self.hasher
    }

    /// Maps memory without the lock: it may take long.
    fn prepare(&mut self, argon2: Argon2) -> Result<(), HasherError> {
        self.hasher.set_argon2(argon2);
        let before = self.hasher.reserved_blocks(); // of 1 KiB each
        let reserved = self.hasher.reserve();
        let after = self.hasher.reserved_blocks();
        if after != before {
            let mut state = self.pool.state();
            state.held_kib = state.held_kib.saturating_sub(before).saturating_add(after);
        }
        reserved.map_err(refused)
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        self.pool.give_back(mem::replace(&mut self.hasher, without_memory()));
    }
}
