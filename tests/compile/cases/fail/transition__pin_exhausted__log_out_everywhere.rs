//! A session that is `PinExhausted` has no `log_out_everywhere`.
use pinlatch::session::{PinExhausted, Session};

fn illegal(session: Session<PinExhausted>) {
    let _ = session.log_out_everywhere();
}

fn main() {
    let _ = illegal;
}
