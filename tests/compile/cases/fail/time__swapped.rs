//! An instant is no length of time.
use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch::time::Timestamp;

fn illegal(at: Timestamp, span: Duration) {
    let _ = at.plus(at);
    let _ = at.since(span);
    let _ = Policy::builder().pin_window(at);
    let _ = Policy::builder().pin_window(15);
}

fn main() {
    let _ = illegal;
}
