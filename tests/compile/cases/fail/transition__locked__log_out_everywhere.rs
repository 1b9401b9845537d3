//! A session that is `Locked` has no `log_out_everywhere`.
use pinlatch::session::{Locked, Session};

fn illegal(session: Session<Locked>) {
    let _ = session.log_out_everywhere();
}

fn main() {
    let _ = illegal;
}
