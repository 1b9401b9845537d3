//! A session that is `Locked` has `revoke`, and is `RevokedAll` then.
use pinlatch::session::{Locked, Moved, RevokedAll, Session};

fn legal(session: Session<Locked>) -> Moved<RevokedAll> {
    session.revoke()
}
