//! What the servers' tests share can tell a store that counts from one that does not.

mod shared;

use pinlatch::host::Blocking;
use pinlatch_testkit::MemoryStore;
use pinlatch_testkit::conformance::Fixture;
use pinlatch_testkit::shelf::{Bug, Shelf};
use std::sync::Arc;

#[test]
fn five_of_64_are_compared_on_a_store_that_counts() {
    let memory = Arc::new(MemoryStore::new());
    let handles = [Blocking(Arc::clone(&memory)), Blocking(memory)];
    shared::runtime().block_on(shared::guessing::five_of_64_are_compared(handles));
}

#[test]
#[should_panic(expected = "left")]
fn more_are_seen_on_one_that_does_not() {
    shared::runtime().block_on(async {
        let shelf = Shelf::with(Bug::CheckThenWrite).with_a_wide_gap();
        let store = shelf.fresh().await;
        let other = shelf.another(&store).await.unwrap();
        shared::guessing::five_of_64_are_compared([store, other]).await;
    });
}
