//! Instructions of every hot path, by callgrind. `.ci/counts` runs this and compares.

#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]
#![allow(missing_docs, reason = "gungraun's macros write public items without")]

use std::alloc::{GlobalAlloc, Layout};
use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use gungraun::Callgrind;
use gungraun::prelude::*;
use pinlatch::account::Account;
use pinlatch_counts::operations::{Operation, operations};
use pinlatch_counts::scene::Scene;

/// An allocator whose every call costs the same few instructions, whatever was allocated before.
/// The system's takes one path or another by the history of its heap, and differs between versions
/// of libc. What allocation costs is counted elsewhere, in allocations. Nothing is given back.
struct Arena;

/// Some four times what the largest scene takes; pages that are not touched do not exist.
const ARENA_BYTES: usize = 512 * 1024 * 1024;
/// Two cache lines, the most that anything asks for, so that copying takes the same path whatever was allocated before.
const ALIGNMENT: usize = 128;

#[repr(align(128))]
struct Memory([u8; ARENA_BYTES]);

static mut MEMORY: Memory = Memory([0; ARENA_BYTES]);
static USED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: every block is a range of `MEMORY` of its own, since `USED` only grows, and lies within
// it; blocks begin at multiples of 128, which `alloc` makes sure is enough.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let size = layout.size().next_multiple_of(ALIGNMENT);
        let start = USED.fetch_add(size, Ordering::Relaxed);
        if layout.align() > ALIGNMENT || start + size > ARENA_BYTES {
            return std::ptr::null_mut();
        }
        // SAFETY: `start` is within `MEMORY`, as was just checked.
        unsafe { (&raw mut MEMORY.0).cast::<u8>().add(start) }
    }

    unsafe fn dealloc(&self, _block: *mut u8, _layout: Layout) {}
}

#[global_allocator]
static ARENA: Arena = Arena;

/// An operation with its scene set.
type Ready = (Operation, &'static Scene, &'static mut Account);

fn ready(number: usize) -> Ready {
    let operation = operations()[number];
    let scene: &'static Scene = Box::leak(Box::new(operation.scene()));
    (operation, scene, Box::leak(Box::new(scene.account())))
}

#[library_benchmark]
#[benches::number(iter = 0..operations().len(), setup = ready)]
fn operation((operation, scene, account): Ready) -> bool {
    black_box(operation.run(scene, account))
}

library_benchmark_group!(name = hot_paths, benchmarks = operation);

main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args(["--cache-sim=no"])),
    library_benchmark_groups = hot_paths
);
