//! A new PIN cannot be hashed before its claim is said to be written (E38).
use pinlatch::pin::{Hashing, PinClaim};

fn illegal(claim: PinClaim, hashing: &Hashing<'_>) {
    let _ = claim.make(hashing);
}

fn main() {
    let _ = illegal;
}
