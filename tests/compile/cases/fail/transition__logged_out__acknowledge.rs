//! A session that is `LoggedOut` has no `acknowledge`.
use pinlatch::session::{LoggedOut, Session};

fn illegal(session: Session<LoggedOut>) {
    let _ = session.acknowledge();
}

fn main() {
    let _ = illegal;
}
