//! A session that is `Locked` has `authenticate`, and is `PinPending` then: it starts over (E08).
use pinlatch::session::{Admission, Locked, Moved, PinPending, Session};

fn legal(session: Session<Locked>, admission: Admission) -> Moved<PinPending> {
    session.authenticate(admission)
}
