//! A session that is `Authenticated` has `revoke`, and is `RevokedAll` then.
use pinlatch::session::{Authenticated, Moved, RevokedAll, Session};

fn legal(session: Session<Authenticated>) -> Moved<RevokedAll> {
    session.revoke()
}
