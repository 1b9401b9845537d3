//! A session that is `Authenticated` has no `unlock`.
use pinlatch::session::{Authenticated, Opening, Session};

fn illegal(session: Session<Authenticated>, opening: Opening) {
    let _ = session.unlock(opening);
}

fn main() {
    let _ = illegal;
}
