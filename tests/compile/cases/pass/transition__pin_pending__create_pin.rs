//! A session that is `PinPending` has `create_pin`, and is `Authenticated` then.
use pinlatch::pin::NewCredential;
use pinlatch::session::{Authenticated, Moved, Opening, PinPending, Session};

fn legal(session: Session<PinPending>, pin: &NewCredential, opening: Opening) -> Moved<Authenticated> {
    session.create_pin(pin, opening)
}
