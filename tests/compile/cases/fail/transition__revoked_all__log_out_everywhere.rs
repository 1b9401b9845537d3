//! A session that is `RevokedAll` has no `log_out_everywhere`.
use pinlatch::session::{RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.log_out_everywhere();
}

fn main() {
    let _ = illegal;
}
