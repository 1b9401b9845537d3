//! A session that is `PinPending` has no `lock`.
use pinlatch::session::{LockCause, PinPending, Session};

fn illegal(session: Session<PinPending>) {
    let _ = session.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
