//! A session that is `LoggedOut` has no `reopen`.
use pinlatch::session::{LoggedOut, Opening, Session};

fn illegal(session: Session<LoggedOut>, opening: Opening) {
    let _ = session.reopen(opening);
}

fn main() {
    let _ = illegal;
}
