//! A session that is `PinExhausted` has no `exhaust`.
use pinlatch::session::{PinExhausted, Session};

fn illegal(session: Session<PinExhausted>) {
    let _ = session.exhaust();
}

fn main() {
    let _ = illegal;
}
