//! A session that is `Authenticated` has `log_out_everywhere`, and is `RevokedAll` then.
use pinlatch::session::{Authenticated, Moved, RevokedAll, Session};

fn legal(session: Session<Authenticated>) -> Moved<RevokedAll> {
    session.log_out_everywhere()
}
