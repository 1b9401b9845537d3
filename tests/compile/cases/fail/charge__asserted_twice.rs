//! One charge, one permit.
use pinlatch::pin::{Charge, Permit};

fn illegal(charge: Charge) -> (Permit, Permit) {
    (charge.assert_written(), charge.assert_written())
}

fn main() {
    let _ = illegal;
}
