//! An allocator that counts what each thread asks of it.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait, and what it gave out is looked at")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
    static LIVE_BYTES: Cell<i64> = const { Cell::new(0) };
    static LARGEST_GRANTED: Cell<usize> = const { Cell::new(usize::MAX) };
    /// Whether this thread looks at the content of large blocks.
    static WATCHING: Cell<bool> = const { Cell::new(false) };
    /// The working memory of a hash that was taken last, while it is live.
    static WORKING_MEMORY: Cell<Option<(*const u8, usize)>> = const { Cell::new(None) };
    /// Working memories given back so far: how many, and how many bytes in them were not zero.
    static GIVEN_BACK: Cell<(u64, u64)> = const { Cell::new((0, 0)) };
}

/// A block from this size on is the working memory of a hash: the least has 7 MiB.
const WORKING_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// The system's allocator, counted. Declare it with `#[global_allocator]`.
///
/// The counters are the thread's own, so tests that run at the same time do not disturb each other.
#[derive(Debug)]
pub struct Counting;

/// How often this thread has asked for memory, or for more or less of what it had.
#[must_use]
pub fn allocations() -> u64 {
    ALLOCATIONS.get()
}

/// Bytes that this thread has asked for and not given back, as they were asked for: what the
/// system's allocator adds to a block is not in it. Negative if it gave back another thread's.
#[must_use]
pub fn live_bytes() -> i64 {
    LIVE_BYTES.get()
}

/// The allocations that `work` makes on this thread, and its result, which is kept alive.
pub fn allocations_of<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let before = allocations();
    let result = work();
    (allocations() - before, result)
}

/// Runs `work` while this thread is granted no block larger than this, as if memory were short.
pub fn granting_at_most<T>(bytes: usize, work: impl FnOnce() -> T) -> T {
    LARGEST_GRANTED.set(bytes);
    let result = work();
    LARGEST_GRANTED.set(usize::MAX);
    result
}

/// From now on looks at what large blocks of this thread contain when they are given back.
///
/// # Safety
/// From now on every block of 4 MiB or more that this thread allocates is written to its end before
/// it is given back, by this thread, and never moved: true of the working memory of a hash, and not
/// of every table or list.
pub unsafe fn watch_working_memory() {
    WATCHING.set(true);
}

/// How many working memories of a hash this thread has given back to the allocator, and how many
/// bytes in them were not zero.
#[must_use]
pub fn working_memories_given_back() -> (u64, u64) {
    GIVEN_BACK.get()
}

/// How many bytes are not zero in the working memory that this thread took last; `None` if it has
/// been given back.
///
/// # Safety
/// Nobody writes to it meanwhile: no hash is running in it.
#[must_use]
pub unsafe fn bytes_left_in_working_memory() -> Option<u64> {
    // SAFETY: the block is live, since `dealloc` and `realloc` forget it; all of it was written by
    // the hash that ran in it; and the caller promises that nobody writes.
    WORKING_MEMORY.get().map(|(block, size)| unsafe { bytes_not_zero(block, size) })
}

/// # Safety
/// `block` has `size` initialised bytes, to which nobody writes.
unsafe fn bytes_not_zero(block: *const u8, size: usize) -> u64 {
    // SAFETY: the caller's promise.
    let bytes = unsafe { std::slice::from_raw_parts(block, size) };
    bytes.iter().map(|byte| u64::from(*byte != 0)).sum()
}

fn note_working_memory(block: *const u8, size: usize) {
    if WATCHING.get() && size >= WORKING_MEMORY_BYTES && !block.is_null() {
        WORKING_MEMORY.set(Some((block, size)));
    }
}

/// # Safety
/// `block` is live, of `size` bytes, and initialised if it is large and the thread is watching.
unsafe fn inspect_given_back(block: *const u8, size: usize) {
    if !WATCHING.get() || size < WORKING_MEMORY_BYTES {
        return;
    }
    WORKING_MEMORY.set(None);
    let (blocks, left) = GIVEN_BACK.get();
    // SAFETY: the caller's promise; whoever gives a block back does not write to it any more.
    GIVEN_BACK.set((blocks + 1, left + unsafe { bytes_not_zero(block, size) }));
}

fn note(taken: usize, given_back: usize) {
    // Sizes are at most `isize::MAX`, by `Layout`.
    let change = taken.cast_signed() as i64 - given_back.cast_signed() as i64;
    LIVE_BYTES.set(LIVE_BYTES.get() + change);
}

fn granted(bytes: usize) -> bool {
    ALLOCATIONS.set(ALLOCATIONS.get() + 1);
    bytes <= LARGEST_GRANTED.get()
}

// SAFETY: every block comes from `System` and goes back to it with the layout it was given; the
// counters are cells of the thread without a destructor, so reaching them allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if !granted(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        let block = unsafe { System.alloc(layout) };
        note_working_memory(block, layout.size());
        note(if block.is_null() { 0 } else { layout.size() }, 0);
        block
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        if !granted(layout.size()) {
            return std::ptr::null_mut();
        }
        // SAFETY: the caller's promise about `layout` is passed on.
        let block = unsafe { System.alloc_zeroed(layout) };
        note_working_memory(block, layout.size());
        note(if block.is_null() { 0 } else { layout.size() }, 0);
        block
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        if !granted(size) {
            return std::ptr::null_mut();
        }
        // SAFETY: `block` is live with this layout; whoever watches promised that it is written.
        unsafe { inspect_given_back(block, layout.size()) };
        // SAFETY: `block` came from `System` with this layout; the caller's promise is passed on.
        let moved = unsafe { System.realloc(block, layout, size) };
        if !moved.is_null() {
            note_working_memory(moved, size);
            note(size, layout.size());
        }
        moved
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: `block` is live with this layout; whoever watches promised that it is written.
        unsafe { inspect_given_back(block, layout.size()) };
        note(0, layout.size());
        // SAFETY: `block` came from `System` with this layout.
        unsafe { System.dealloc(block, layout) };
    }
}
