//! A session that is `RevokedAll` has no `lock`.
use pinlatch::session::{LockCause, RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
