//! A charge that is written does.
use pinlatch::pin::{Charge, Hashing};

fn legal(charge: Charge, hashing: &Hashing<'_>) {
    let _ = charge.assert_written().compare(hashing);
}
