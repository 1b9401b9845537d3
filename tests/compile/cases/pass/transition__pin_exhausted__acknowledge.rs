//! A session that is `PinExhausted` has `acknowledge`, and is `LoggedOut` then.
use pinlatch::session::{LoggedOut, Moved, PinExhausted, Session};

fn legal(session: Session<PinExhausted>) -> Moved<LoggedOut> {
    session.acknowledge()
}
