//! A host has a store.
use pinlatch::gate::Gate;
use pinlatch::host::{Directory, HostParts, Inline, Journal, Store, SystemClock, SystemRandomness};

fn legal<S: Store, D: Directory, J: Journal>(store: S, directory: D, journal: J) {
    let (clock, randomness) = (SystemClock, SystemRandomness);
    let _ = Gate::builder(HostParts { store, clock, directory, journal, offload: Inline, randomness });
}
