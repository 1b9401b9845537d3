//! A session that is `PinExhausted` has no `lock`.
use pinlatch::session::{LockCause, PinExhausted, Session};

fn illegal(session: Session<PinExhausted>) {
    let _ = session.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
