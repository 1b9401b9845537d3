//! No record yet, or the one of this version.
use pinlatch::host::{BlockingStore, Expect, Key, Swap};

fn legal<S: BlockingStore>(store: &S, key: &Key) -> Result<Swap, S::Error> {
    store.compare_and_swap(key, Expect::Absent, vec![], &[])
}
