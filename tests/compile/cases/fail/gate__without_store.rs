//! A gate has a store.
use pinlatch::gate::{Gate, Host};
use pinlatch::host::Blocking;
use pinlatch_testkit::{CollectingJournal, ManualClock, MemoryDirectory, SeededRandomness};

fn illegal(clock: ManualClock, directory: MemoryDirectory, journal: CollectingJournal) {
    let host = Host { clock, directory: Blocking(directory), journal: Blocking(journal) };
    let _ = Gate::builder(host, SeededRandomness::new(1));
}

fn main() {
    let _ = illegal;
}
