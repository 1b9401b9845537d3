//! One permit, one comparison.
use pinlatch::pin::{Hashing, Permit};

fn illegal(permit: Permit, hashing: &Hashing<'_>) {
    let _first = permit.compare(hashing);
    let _second = permit.compare(hashing);
}

fn main() {
    let _ = illegal;
}
