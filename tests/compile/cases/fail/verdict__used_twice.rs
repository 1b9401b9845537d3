//! One verdict, one settlement.
use pinlatch::pin::{Settlement, Verdict};

fn illegal(verdict: Verdict) -> (Settlement, Settlement) {
    (verdict.into_settlement(), verdict.into_settlement())
}

fn main() {
    let _ = illegal;
}
