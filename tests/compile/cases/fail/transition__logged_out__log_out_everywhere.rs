//! A session that is `LoggedOut` has no `log_out_everywhere`.
use pinlatch::session::{LoggedOut, Session};

fn illegal(session: Session<LoggedOut>) {
    let _ = session.log_out_everywhere();
}

fn main() {
    let _ = illegal;
}
