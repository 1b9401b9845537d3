//! A session that is `Authenticated` has no `create_pin`.
use pinlatch::pin::NewCredential;
use pinlatch::session::{Authenticated, Opening, Session};

fn illegal(session: Session<Authenticated>, pin: &NewCredential, opening: Opening) {
    let _ = session.create_pin(pin, opening);
}

fn main() {
    let _ = illegal;
}
