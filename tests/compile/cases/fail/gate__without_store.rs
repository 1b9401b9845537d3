//! A host has a store.
use pinlatch::gate::Gate;
use pinlatch::host::{Directory, HostParts, Inline, Journal, SystemClock, SystemRandomness};

fn illegal<D: Directory, J: Journal>(directory: D, journal: J) {
    let (clock, randomness) = (SystemClock, SystemRandomness);
    let _ = Gate::builder(HostParts { clock, directory, journal, offload: Inline, randomness });
}

fn main() {}
