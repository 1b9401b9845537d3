//! A session that is `PinPending` has `revoke`, and is `RevokedAll` then.
use pinlatch::session::{Moved, PinPending, RevokedAll, Session};

fn legal(session: Session<PinPending>) -> Moved<RevokedAll> {
    session.revoke()
}
