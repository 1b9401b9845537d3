//! A session that is `PinExhausted` has no `unlock`.
use pinlatch::session::{Opening, PinExhausted, Session};

fn illegal(session: Session<PinExhausted>, opening: Opening) {
    let _ = session.unlock(opening);
}

fn main() {
    let _ = illegal;
}
