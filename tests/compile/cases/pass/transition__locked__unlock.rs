//! A session that is `Locked` has `unlock`, and is `Authenticated` then.
use pinlatch::session::{Authenticated, Locked, Moved, Opening, Session};

fn legal(session: Session<Locked>, opening: Opening) -> Moved<Authenticated> {
    session.unlock(opening)
}
