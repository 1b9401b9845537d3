//! A session that is `PinPending` has no `authenticate`.
use pinlatch::session::{Admission, PinPending, Session};

fn illegal(session: Session<PinPending>, admission: Admission) {
    let _ = session.authenticate(admission);
}

fn main() {
    let _ = illegal;
}
