//! A session that is `RevokedAll` has no `revoke`.
use pinlatch::session::{RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.revoke();
}

fn main() {
    let _ = illegal;
}
