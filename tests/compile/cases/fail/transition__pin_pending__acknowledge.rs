//! A session that is `PinPending` has no `acknowledge`.
use pinlatch::session::{PinPending, Session};

fn illegal(session: Session<PinPending>) {
    let _ = session.acknowledge();
}

fn main() {
    let _ = illegal;
}
