//! A session that is `PinExhausted` has `log_out`, and is `LoggedOut` then.
use pinlatch::session::{LogOutCause, LoggedOut, Moved, PinExhausted, Session};

fn legal(session: Session<PinExhausted>) -> Moved<LoggedOut> {
    session.log_out(LogOutCause::Asked)
}
