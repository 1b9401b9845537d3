//! A session that is `RevokedAll` has no `reopen`.
use pinlatch::session::{Opening, RevokedAll, Session};

fn illegal(session: Session<RevokedAll>, opening: Opening) {
    let _ = session.reopen(opening);
}

fn main() {
    let _ = illegal;
}
