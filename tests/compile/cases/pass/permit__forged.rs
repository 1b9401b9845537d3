//! A permit comes of a charge that is written.
use pinlatch::pin::{Charge, Permit};

fn legal(charge: Charge) -> Permit {
    charge.assert_written()
}
