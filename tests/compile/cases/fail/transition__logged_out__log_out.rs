//! A session that is `LoggedOut` has no `log_out`.
use pinlatch::session::{LogOutCause, LoggedOut, Session};

fn illegal(session: Session<LoggedOut>) {
    let _ = session.log_out(LogOutCause::Asked);
}

fn main() {
    let _ = illegal;
}
