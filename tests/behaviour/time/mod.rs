//! Time: the windows of a session, and clocks that cannot be trusted.

mod clocks;
mod glitches;
mod windows;

use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch::time::Timestamp;
use pinlatch_testkit::World;

/// When every world begins.
const NOON: Timestamp = Timestamp::from_unix_seconds(1_795_348_800);

fn with_idle(span: Duration) -> World {
    World::builder().policy(Policy::builder().idle_lock(span).build().unwrap()).build()
}

fn with_lifetime(span: Duration) -> World {
    World::builder().policy(Policy::builder().absolute_lifetime(span).build().unwrap()).build()
}
