//! A session that is `RevokedAll` has `authenticate`, and is `PinPending` then.
use pinlatch::session::{Admission, Moved, PinPending, RevokedAll, Session};

fn legal(session: Session<RevokedAll>, admission: Admission) -> Moved<PinPending> {
    session.authenticate(admission)
}
