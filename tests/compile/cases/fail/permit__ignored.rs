//! A permit and a verdict that nobody uses leave the attempt charged for nothing.
#![deny(unused_must_use)]
use pinlatch::pin::{Charge, HasherError, Hashing, Permit};

fn illegal(charge: Charge, permit: Permit, hashing: &Hashing<'_>) -> Result<(), HasherError> {
    charge.assert_written();
    permit.compare(hashing)?;
    Ok(())
}

fn main() {
    let _ = illegal;
}
