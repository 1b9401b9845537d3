//! A session that is `PinPending` has no `reopen`.
use pinlatch::session::{Opening, PinPending, Session};

fn illegal(session: Session<PinPending>, opening: Opening) {
    let _ = session.reopen(opening);
}

fn main() {
    let _ = illegal;
}
