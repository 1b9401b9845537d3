//! A charge that is not written compares nothing.
use pinlatch::pin::{Charge, Hashing};

fn illegal(charge: Charge, hashing: &Hashing<'_>) {
    let _ = charge.compare(hashing);
}

fn main() {
    let _ = illegal;
}
