//! A permit cannot be copied.
use pinlatch::pin::Permit;

fn illegal(permit: Permit) -> (Permit, Permit) {
    (permit.clone(), permit)
}

fn main() {
    let _ = illegal;
}
