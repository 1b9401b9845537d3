//! A session that is `PinPending` has no `log_out_everywhere`.
use pinlatch::session::{PinPending, Session};

fn illegal(session: Session<PinPending>) {
    let _ = session.log_out_everywhere();
}

fn main() {
    let _ = illegal;
}
