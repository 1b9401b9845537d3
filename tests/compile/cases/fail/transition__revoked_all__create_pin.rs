//! A session that is `RevokedAll` has no `create_pin`.
use pinlatch::pin::NewCredential;
use pinlatch::session::{Opening, RevokedAll, Session};

fn illegal(session: Session<RevokedAll>, pin: &NewCredential, opening: Opening) {
    let _ = session.create_pin(pin, opening);
}

fn main() {
    let _ = illegal;
}
