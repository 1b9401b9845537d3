//! A write says which version it expects; there is no "any".
use pinlatch::host::{BlockingStore, Expect, Key, Swap};

fn illegal<S: BlockingStore>(store: &S, key: &Key) -> Result<Swap, S::Error> {
    store.compare_and_swap(key, Expect::Any, vec![], &[])
}

fn main() {}
