//! A session that is `Locked` has no `authenticate`.
use pinlatch::session::{Admission, Locked, Session};

fn illegal(session: Session<Locked>, admission: Admission) {
    let _ = session.authenticate(admission);
}

fn main() {
    let _ = illegal;
}
