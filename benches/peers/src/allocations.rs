//! Counts allocations, so that a figure says how many there were, and how many bytes stay.
//!
//! The counters are per thread and cost one addition each: every contestant pays the same, and two
//! threads do not fight over one counter.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// What this thread has allocated since it began.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counts {
    /// Calls that allocated or reallocated.
    pub calls: u64,
    /// Bytes asked for by those calls.
    pub bytes: u64,
    /// Bytes allocated and not given back; negative if this thread freed what another allocated.
    pub resident: i64,
}

impl Counts {
    /// The counters of this thread, now.
    pub fn now() -> Self {
        COUNTS.get()
    }

    /// What was counted since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            calls: self.calls - earlier.calls,
            bytes: self.bytes - earlier.bytes,
            resident: self.resident - earlier.resident,
        }
    }
}

thread_local! {
    static COUNTS: Cell<Counts> = const { Cell::new(Counts { calls: 0, bytes: 0, resident: 0 }) };
}

/// The system's allocator, counting.
#[derive(Debug)]
pub struct Counting;

fn count(calls: u64, bytes: usize, resident: i64) {
    let counts = COUNTS.get();
    COUNTS.set(Counts {
        calls: counts.calls.wrapping_add(calls),
        bytes: counts.bytes.wrapping_add(bytes as u64),
        resident: counts.resident.wrapping_add(resident),
    });
}

// SAFETY: every call goes to `System` unchanged. Counting touches a `Cell` of this thread that
// needs no initialisation and no destructor, so it neither allocates nor runs after its end.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), layout.size() as i64);
        // SAFETY: the caller keeps `alloc`'s contract, which is that of `System`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(1, layout.size(), layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, 0, -(layout.size() as i64));
        // SAFETY: as above; `pointer` came from `System`.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(1, size, size as i64 - layout.size() as i64);
        // SAFETY: as above; `pointer` came from `System`.
        unsafe { System.realloc(pointer, layout, size) }
    }
}
