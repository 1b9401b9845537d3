//! A session that is `Locked` has no `create_pin`.
use pinlatch::pin::NewCredential;
use pinlatch::session::{Locked, Opening, Session};

fn illegal(session: Session<Locked>, pin: &NewCredential, opening: Opening) {
    let _ = session.create_pin(pin, opening);
}

fn main() {
    let _ = illegal;
}
