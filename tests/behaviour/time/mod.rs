//! Time: the windows of a session, and clocks that cannot be trusted.

mod clocks;
mod windows;

use pinlatch::account::Policy;
use pinlatch::time::Span;
use pinlatch_testkit::World;

fn with_idle(span: Span) -> World {
    World::builder().policy(Policy::builder().idle_lock(span).build().unwrap()).build()
}

fn with_lifetime(span: Span) -> World {
    World::builder().policy(Policy::builder().absolute_lifetime(span).build().unwrap()).build()
}
