//! No record yet, or the one of this version.
use pinlatch::host::{BlockingStore, Expect, Key, Swap};
use pinlatch_testkit::{MemoryStore, Unavailable};

fn legal(store: &MemoryStore, key: &Key) -> Result<Swap, Unavailable> {
    store.compare_and_swap(key, Expect::Absent, vec![], &[])
}
