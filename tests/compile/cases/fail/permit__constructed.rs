//! No function makes a permit of anything but a charge.
use pinlatch::id::AttemptId;
use pinlatch::pin::{Charge, Permit};

fn illegal(attempt: AttemptId, permit: Permit) {
    let _ = Permit::new(attempt);
    let _ = Permit::default();
    let _ = Permit::from(attempt);
    let _ = Charge(permit);
}

fn main() {
    let _ = illegal;
}
