//! One verdict, one settlement.
use pinlatch::pin::{Settlement, Verdict};

fn legal(verdict: Verdict) -> Settlement {
    verdict.into_settlement()
}
