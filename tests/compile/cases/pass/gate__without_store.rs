//! A host has a store.
use pinlatch::gate::Gate;
use pinlatch::host::{Blocking, HostParts, Inline};
use pinlatch_testkit::{CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, SeededRandomness};

fn legal(store: MemoryStore, clock: ManualClock, directory: MemoryDirectory, journal: CollectingJournal) {
    let (store, directory, journal) = (Blocking(store), Blocking(directory), Blocking(journal));
    let randomness = SeededRandomness::new(1);
    let _ = Gate::builder(HostParts { store, clock, directory, journal, offload: Inline, randomness });
}
