//! A session that is `LoggedOut` has no `exhaust`.
use pinlatch::session::{LoggedOut, Session};

fn illegal(session: Session<LoggedOut>) {
    let _ = session.exhaust();
}

fn main() {
    let _ = illegal;
}
