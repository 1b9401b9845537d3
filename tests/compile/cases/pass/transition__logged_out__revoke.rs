//! A session that is `LoggedOut` has `revoke`, and is `RevokedAll` then.
use pinlatch::session::{LoggedOut, Moved, RevokedAll, Session};

fn legal(session: Session<LoggedOut>) -> Moved<RevokedAll> {
    session.revoke()
}
