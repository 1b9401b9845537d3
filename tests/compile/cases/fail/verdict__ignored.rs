//! A settlement that nobody writes leaves the attempt charged.
#![deny(unused_must_use)]
use pinlatch::pin::Verdict;

fn illegal(verdict: Verdict) {
    verdict.into_settlement();
}

fn main() {
    let _ = illegal;
}
