//! A host has a store.
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch_testkit::{CollectingJournal, ManualClock, MemoryDirectory, SeededRandomness};

fn illegal(clock: ManualClock, directory: MemoryDirectory, journal: CollectingJournal) {
    let (directory, journal) = (Blocking(directory), Blocking(journal));
    let randomness = SeededRandomness::new(1);
    let _ = Gate::builder(HostParts { clock, directory, journal, offload: Inline, randomness });
}

fn main() {
    let _ = illegal;
}
