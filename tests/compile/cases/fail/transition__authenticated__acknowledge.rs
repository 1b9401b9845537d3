//! A session that is `Authenticated` has no `acknowledge`.
use pinlatch::session::{Authenticated, Session};

fn illegal(session: Session<Authenticated>) {
    let _ = session.acknowledge();
}

fn main() {
    let _ = illegal;
}
