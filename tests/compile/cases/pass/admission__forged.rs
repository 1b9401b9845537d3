//! Who is given one may use it.
use pinlatch::session::{Admission, AnySession, Opening, Step};

fn legal(session: AnySession, admission: Admission) -> Step {
    session.authenticate(admission)
}

fn opening(session: AnySession, opening: Opening) -> Step {
    session.unlock(opening)
}
