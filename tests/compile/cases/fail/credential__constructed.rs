//! No function makes a credential past the account.
use pinlatch::id::CredentialId;
use pinlatch::pin::{Binding, Credential, Hashing, Pin, PinPlan};

fn illegal(binding: Binding, entry: Pin) {
    let _ = PinPlan::new(binding, entry);
}

fn hashed(id: CredentialId, binding: &Binding, entry: &Pin, hashing: &Hashing<'_>) {
    let _ = Credential::make(id, binding, entry, hashing.params, [0; 16], hashing);
}

fn main() {
    let _ = (illegal, hashed);
}
