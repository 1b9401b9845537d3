//! A session that is `PinPending` has no `unlock`.
use pinlatch::session::{Opening, PinPending, Session};

fn illegal(session: Session<PinPending>, opening: Opening) {
    let _ = session.unlock(opening);
}

fn main() {
    let _ = illegal;
}
