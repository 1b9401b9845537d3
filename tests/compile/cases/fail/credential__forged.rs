//! A credential cannot be made up.
#![allow(unreachable_code)]
use pinlatch::pin::{Binding, Credential, NewCredential};

fn illegal(binding: Binding, credential: Credential) -> NewCredential {
    NewCredential { binding, credential }
}

fn stored() -> Credential {
    Credential { fields: loop {} }
}

fn main() {
    let _ = (illegal, stored);
}
