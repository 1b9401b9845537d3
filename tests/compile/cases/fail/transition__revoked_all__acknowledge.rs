//! A session that is `RevokedAll` has no `acknowledge`.
use pinlatch::session::{RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.acknowledge();
}

fn main() {
    let _ = illegal;
}
