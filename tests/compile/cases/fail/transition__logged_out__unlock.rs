//! A session that is `LoggedOut` has no `unlock`.
use pinlatch::session::{LoggedOut, Opening, Session};

fn illegal(session: Session<LoggedOut>, opening: Opening) {
    let _ = session.unlock(opening);
}

fn main() {
    let _ = illegal;
}
