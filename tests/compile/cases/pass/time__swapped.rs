//! Each in its place.
use pinlatch::account::Policy;
use pinlatch::time::{Span, Timestamp};

fn legal(at: Timestamp, span: Span) {
    let _ = at.plus(span);
    let _ = at.since(at);
    let _ = Policy::builder().pin_window(span);
    let _ = Policy::builder().pin_window(Span::minutes(15));
}
