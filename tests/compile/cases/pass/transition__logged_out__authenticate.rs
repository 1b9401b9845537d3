//! A session that is `LoggedOut` has `authenticate`, and is `PinPending` then.
use pinlatch::session::{Admission, LoggedOut, Moved, PinPending, Session};

fn legal(session: Session<LoggedOut>, admission: Admission) -> Moved<PinPending> {
    session.authenticate(admission)
}
