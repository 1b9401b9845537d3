//! Time: the windows of a session, and clocks that cannot be trusted.

mod clocks;
mod windows;

use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch_testkit::World;

fn with_idle(span: Duration) -> World {
    World::builder().policy(Policy::builder().idle_lock(span).build().unwrap()).build()
}

fn with_lifetime(span: Duration) -> World {
    World::builder().policy(Policy::builder().absolute_lifetime(span).build().unwrap()).build()
}
