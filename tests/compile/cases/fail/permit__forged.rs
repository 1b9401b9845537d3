//! A permit cannot be made up.
#![allow(unreachable_code)]
use pinlatch::id::AttemptId;
use pinlatch::pin::{Binding, Credential, Permit, Pin};

fn illegal(attempt: AttemptId, binding: Binding, credential: Credential, entry: Pin) -> Permit {
    Permit { attempt, binding, credential, entry, purpose: loop {} }
}

fn main() {
    let _ = illegal;
}
