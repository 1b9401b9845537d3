//! A session that is `Authenticated` has no `authenticate`.
use pinlatch::session::{Admission, Authenticated, Session};

fn illegal(session: Session<Authenticated>, admission: Admission) {
    let _ = session.authenticate(admission);
}

fn main() {
    let _ = illegal;
}
