//! A settlement comes of a verdict.
use pinlatch::pin::{Settlement, Verdict};

fn legal(verdict: Verdict) -> Settlement {
    verdict.into_settlement()
}
