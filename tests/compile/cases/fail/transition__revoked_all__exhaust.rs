//! A session that is `RevokedAll` has no `exhaust`.
use pinlatch::session::{RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.exhaust();
}

fn main() {
    let _ = illegal;
}
