//! Two charges, two permits.
use pinlatch::pin::{Charge, Permit};

fn legal(one: Charge, other: Charge) -> (Permit, Permit) {
    (one.assert_written(), other.assert_written())
}
