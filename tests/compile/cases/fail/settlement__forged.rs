//! A settlement cannot be made up.
use pinlatch::id::{AttemptId, CredentialId};
use pinlatch::pin::{Binding, Settlement};

fn illegal(attempt: AttemptId, binding: Binding, credential: CredentialId) -> Settlement {
    Settlement { attempt, binding, credential, right: true, changes_pin: false, replacement: None }
}

fn main() {
    let _ = illegal;
}
