//! A permit comes of a charge that is written.
use pinlatch::id::AttemptId;
use pinlatch::pin::{Charge, Permit};

fn legal(charge: Charge) -> (AttemptId, Permit) {
    (charge.attempt(), charge.assert_written())
}
