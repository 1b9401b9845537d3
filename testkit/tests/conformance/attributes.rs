//! Attributes of the tests that `store_conformance!` makes.

use pinlatch::host::Blocking;
use pinlatch_testkit::MemoryStore;
use pinlatch_testkit::conformance::Connecting;

async fn nobody_listens() -> Result<Blocking<MemoryStore>, &'static str> {
    Err("connection refused")
}

pinlatch_testkit::store_conformance!(
    #[should_panic(expected = "the fixture's `fresh` failed: connection refused")]
    a_store_that_cannot_be_reached_fails_its_test,
    Connecting(nobody_listens),
);

pinlatch_testkit::store_conformance!(
    /// Should somebody run it all the same, it passes.
    #[ignore = "needs a server"]
    #[should_panic(expected = "connection refused")]
    a_store_behind_a_server,
    Connecting(nobody_listens),
    pinlatch_testkit::conformance::at_once,
);

// It would not compile if its attribute were dropped: there is no such fixture.
pinlatch_testkit::store_conformance!(
    #[cfg(not(test))]
    a_store_of_another_platform,
    NoSuchFixture
);
