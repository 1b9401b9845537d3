//! A credential cannot be made up.
#![allow(unreachable_code)]
use pinlatch::id::AttemptId;
use pinlatch::pin::{Binding, Credential, NewCredential};

fn illegal(attempt: AttemptId, binding: Binding, credential: Credential) -> NewCredential {
    NewCredential { attempt, binding, credential }
}

fn stored() -> Credential {
    Credential { fields: loop {} }
}

fn main() {
    let _ = (illegal, stored);
}
