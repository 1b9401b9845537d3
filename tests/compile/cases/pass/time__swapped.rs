//! Each in its place.
use std::time::Duration;

use pinlatch::account::Policy;
use pinlatch::time::Timestamp;
use pinlatch_testkit::minutes;

fn legal(at: Timestamp, span: Duration) {
    let _ = at.plus(span);
    let _ = at.since(at);
    let _ = Policy::builder().pin_window(span);
    let _ = Policy::builder().pin_window(minutes(15));
}
