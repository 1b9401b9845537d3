//! The paths that every request or every unlock takes, on a record in memory.
//!
//! `cargo bench` prints the median and the spread. Absolute times change with the machine: compare
//! within one run. The floor of the per-request check is one SHA-256 block over the token, shown as
//! "SHA-256 of a session token, alone". Instructions, allocations and store operations of the same
//! operations are counted by `benches/counts`.

#[allow(unreachable_pub, reason = "the same file is a public module of benches/counts")]
mod forgetful;
#[allow(unreachable_pub, reason = "the same file is a public module of benches/counts")]
mod operations;
#[allow(unreachable_pub, reason = "the same file is a public module of benches/counts")]
mod scene;
mod unlock;

use divan::{Bencher, black_box};
use operations::{Operation, operations};

fn main() {
    divan::main();
}

/// What is only looked at is looked at again and again; what changes gets an account of its own
/// each time, read back before the time is taken.
#[divan::bench(args = operations())]
fn hot_path(bencher: Bencher<'_, '_>, operation: &Operation) {
    let scene = operation.scene();
    if operation.changes {
        bencher
            .with_inputs(|| scene.account())
            .bench_local_refs(|account| black_box(operation.run(&scene, account)));
    } else {
        let mut account = scene.account();
        bencher.bench_local(|| black_box(operation.run(&scene, &mut account)));
    }
}
