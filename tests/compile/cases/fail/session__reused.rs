//! A transition consumes the session.
use pinlatch::session::{Authenticated, LockCause, LogOutCause, Session};

fn illegal(session: Session<Authenticated>) {
    let _locked = session.lock(LockCause::Asked);
    let _out = session.log_out(LogOutCause::Asked);
}

fn main() {
    let _ = illegal;
}
