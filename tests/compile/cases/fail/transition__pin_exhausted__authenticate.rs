//! A session that is `PinExhausted` has no `authenticate`.
use pinlatch::session::{Admission, PinExhausted, Session};

fn illegal(session: Session<PinExhausted>, admission: Admission) {
    let _ = session.authenticate(admission);
}

fn main() {
    let _ = illegal;
}
