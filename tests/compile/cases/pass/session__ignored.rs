//! It is kept.
#![deny(unused_must_use)]
use pinlatch::session::{AnySession, Authenticated, Change, LockCause, Locked, Session, Step};

fn legal(session: Session<Authenticated>, any: AnySession) -> (Session<Locked>, Change, Step) {
    let moved = session.lock(LockCause::Asked);
    (moved.session, moved.change, any.lock(LockCause::Asked))
}
