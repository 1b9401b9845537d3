//! A session that is `PinExhausted` has `revoke`, and is `RevokedAll` then.
use pinlatch::session::{Moved, PinExhausted, RevokedAll, Session};

fn legal(session: Session<PinExhausted>) -> Moved<RevokedAll> {
    session.revoke()
}
