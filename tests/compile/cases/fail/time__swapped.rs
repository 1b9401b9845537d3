//! An instant is no length of time.
use pinlatch::account::Policy;
use pinlatch::time::{Span, Timestamp};

fn illegal(at: Timestamp, span: Span) {
    let _ = at.plus(at);
    let _ = at.since(span);
    let _ = Policy::builder().pin_window(at);
    let _ = Policy::builder().pin_window(15);
}

fn main() {
    let _ = illegal;
}
