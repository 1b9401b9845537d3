//! A session that is `Authenticated` has `lock`, and is `Locked` then.
use pinlatch::session::{Authenticated, LockCause, Locked, Moved, Session};

fn legal(session: Session<Authenticated>) -> Moved<Locked> {
    session.lock(LockCause::Asked)
}
