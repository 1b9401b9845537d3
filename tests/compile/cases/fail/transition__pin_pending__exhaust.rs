//! A session that is `PinPending` has no `exhaust`.
use pinlatch::session::{PinPending, Session};

fn illegal(session: Session<PinPending>) {
    let _ = session.exhaust();
}

fn main() {
    let _ = illegal;
}
