//! A session that is `Locked` has no `acknowledge`.
use pinlatch::session::{Locked, Session};

fn illegal(session: Session<Locked>) {
    let _ = session.acknowledge();
}

fn main() {
    let _ = illegal;
}
