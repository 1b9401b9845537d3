//! A write says which version it expects; there is no "any".
use pinlatch::host::{BlockingStore, Expect, Key, Swap};
use pinlatch_testkit::{MemoryStore, Unavailable};

fn illegal(store: &MemoryStore, key: &Key) -> Result<Swap, Unavailable> {
    store.compare_and_swap(key, Expect::Any, vec![], &[])
}

fn main() {
    let _ = illegal;
}
