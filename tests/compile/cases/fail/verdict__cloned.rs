//! Neither a verdict nor a settlement can be copied.
use pinlatch::pin::{Settlement, Verdict};

fn illegal(verdict: Verdict, settlement: Settlement) {
    let _ = verdict.clone();
    let _ = settlement.clone();
}

fn main() {
    let _ = illegal;
}
