//! A session that is `Locked` has `exhaust`, and is `PinExhausted` then.
use pinlatch::session::{Locked, Moved, PinExhausted, Session};

fn legal(session: Session<Locked>) -> Moved<PinExhausted> {
    session.exhaust()
}
