//! A session that is `LoggedOut` has no `lock`.
use pinlatch::session::{LockCause, LoggedOut, Session};

fn illegal(session: Session<LoggedOut>) {
    let _ = session.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
