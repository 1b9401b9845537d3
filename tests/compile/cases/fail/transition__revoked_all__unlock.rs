//! A session that is `RevokedAll` has no `unlock`.
use pinlatch::session::{Opening, RevokedAll, Session};

fn illegal(session: Session<RevokedAll>, opening: Opening) {
    let _ = session.unlock(opening);
}

fn main() {
    let _ = illegal;
}
