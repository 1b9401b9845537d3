//! A session that is `Locked` has no `lock`.
use pinlatch::session::{LockCause, Locked, Session};

fn illegal(session: Session<Locked>) {
    let _ = session.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
