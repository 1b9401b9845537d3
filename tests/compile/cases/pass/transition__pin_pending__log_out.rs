//! A session that is `PinPending` has `log_out`, and is `LoggedOut` then.
use pinlatch::session::{LogOutCause, LoggedOut, Moved, PinPending, Session};

fn legal(session: Session<PinPending>) -> Moved<LoggedOut> {
    session.log_out(LogOutCause::Asked)
}
