//! A session that is `Authenticated` has `authenticate`, and is `PinPending` then: it starts over (E08).
use pinlatch::session::{Admission, Authenticated, Moved, PinPending, Session};

fn legal(session: Session<Authenticated>, admission: Admission) -> Moved<PinPending> {
    session.authenticate(admission)
}
