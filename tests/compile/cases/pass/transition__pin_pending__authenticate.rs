//! A session that is `PinPending` has `authenticate`, and is `PinPending` then: it starts over (E08).
use pinlatch::session::{Admission, Moved, PinPending, Session};

fn legal(session: Session<PinPending>, admission: Admission) -> Moved<PinPending> {
    session.authenticate(admission)
}
