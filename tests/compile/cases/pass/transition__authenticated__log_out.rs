//! A session that is `Authenticated` has `log_out`, and is `LoggedOut` then.
use pinlatch::session::{Authenticated, LogOutCause, LoggedOut, Moved, Session};

fn legal(session: Session<Authenticated>) -> Moved<LoggedOut> {
    session.log_out(LogOutCause::Asked)
}
