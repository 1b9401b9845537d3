//! A gate has a store.
use pinlatch::gate::{Gate, Host};
use pinlatch::host::Blocking;
use pinlatch_testkit::{CollectingJournal, ManualClock, MemoryDirectory, MemoryStore, SeededRandomness};

fn legal(store: MemoryStore, clock: ManualClock, directory: MemoryDirectory, journal: CollectingJournal) {
    let (store, directory, journal) = (Blocking(store), Blocking(directory), Blocking(journal));
    let _ = Gate::builder(Host { store, clock, directory, journal }, SeededRandomness::new(1));
}
