//! A credential compares nothing by itself.
use pinlatch::pin::{Binding, Credential, Hashing, NewCredential, Pin};

fn illegal(credential: &Credential, binding: &Binding, entry: &Pin, hashing: &Hashing<'_>) {
    let _ = credential.matches(binding, entry, hashing);
    let _ = credential.hash;
    let _ = credential == credential;
}

fn taken_out(pin: &NewCredential) -> Credential {
    pin.credential()
}

fn main() {
    let _ = (illegal, taken_out);
}
