//! A session that is `Locked` has `log_out`, and is `LoggedOut` then.
use pinlatch::session::{Locked, LogOutCause, LoggedOut, Moved, Session};

fn legal(session: Session<Locked>) -> Moved<LoggedOut> {
    session.log_out(LogOutCause::Asked)
}
