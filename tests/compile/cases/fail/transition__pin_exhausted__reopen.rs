//! A session that is `PinExhausted` has no `reopen`.
use pinlatch::session::{Opening, PinExhausted, Session};

fn illegal(session: Session<PinExhausted>, opening: Opening) {
    let _ = session.reopen(opening);
}

fn main() {
    let _ = illegal;
}
