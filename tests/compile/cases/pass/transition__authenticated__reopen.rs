//! A session that is `Authenticated` has `reopen`, and is `Authenticated` still, by another token (D26).
use pinlatch::session::{Authenticated, Moved, Opening, Session};

fn legal(session: Session<Authenticated>, opening: Opening) -> Moved<Authenticated> {
    session.reopen(opening)
}
