//! The new session goes on.
use pinlatch::session::{Authenticated, LockCause, LogOutCause, LoggedOut, Moved, Session};

fn legal(session: Session<Authenticated>) -> Moved<LoggedOut> {
    session.lock(LockCause::Asked).session.log_out(LogOutCause::Asked)
}
