//! A verdict does not tell whether the PIN was right, nor does its settlement.
use pinlatch::pin::{Settlement, Verdict};

fn illegal(verdict: Verdict, settlement: Settlement) {
    let _ = verdict.0;
    let _ = verdict.is_right();
    let _ = settlement.right;
    let _ = settlement.is_right();
}

fn main() {
    let _ = illegal;
}
