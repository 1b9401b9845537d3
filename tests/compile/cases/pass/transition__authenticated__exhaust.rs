//! A session that is `Authenticated` has `exhaust`, and is `PinExhausted` then.
use pinlatch::session::{Authenticated, Moved, PinExhausted, Session};

fn legal(session: Session<Authenticated>) -> Moved<PinExhausted> {
    session.exhaust()
}
