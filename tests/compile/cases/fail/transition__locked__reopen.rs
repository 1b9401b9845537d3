//! A session that is `Locked` has no `reopen`.
use pinlatch::session::{Locked, Opening, Session};

fn illegal(session: Session<Locked>, opening: Opening) {
    let _ = session.reopen(opening);
}

fn main() {
    let _ = illegal;
}
