//! A session that is `PinExhausted` has no `create_pin`.
use pinlatch::pin::NewCredential;
use pinlatch::session::{Opening, PinExhausted, Session};

fn illegal(session: Session<PinExhausted>, pin: &NewCredential, opening: Opening) {
    let _ = session.create_pin(pin, opening);
}

fn main() {
    let _ = illegal;
}
