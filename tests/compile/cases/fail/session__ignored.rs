//! A session that a transition returns has to be kept.
#![deny(unused_must_use)]
use pinlatch::session::{AnySession, Authenticated, LockCause, Session};

fn illegal(session: Session<Authenticated>, any: AnySession) {
    session.lock(LockCause::Asked);
    any.lock(LockCause::Asked);
}

fn main() {
    let _ = illegal;
}
