//! A verdict cannot be made up.
use pinlatch::pin::{Settlement, Verdict};

fn illegal(settlement: Settlement) -> Verdict {
    Verdict(settlement)
}

fn main() {
    let _ = illegal;
}
