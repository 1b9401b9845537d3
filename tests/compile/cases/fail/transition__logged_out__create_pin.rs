//! A session that is `LoggedOut` has no `create_pin`.
use pinlatch::pin::NewCredential;
use pinlatch::session::{LoggedOut, Opening, Session};

fn illegal(session: Session<LoggedOut>, pin: &NewCredential, opening: Opening) {
    let _ = session.create_pin(pin, opening);
}

fn main() {
    let _ = illegal;
}
