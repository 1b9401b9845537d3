//! A session that is `RevokedAll` has no `log_out`.
use pinlatch::session::{LogOutCause, RevokedAll, Session};

fn illegal(session: Session<RevokedAll>) {
    let _ = session.log_out(LogOutCause::Asked);
}

fn main() {
    let _ = illegal;
}
