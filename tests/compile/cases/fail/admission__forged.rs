//! The proofs that open something cannot be made up.
#![allow(unreachable_code)]
use pinlatch::id::Generation;
use pinlatch::people::AuthenticationMethod;
use pinlatch::secret::Digest;
use pinlatch::session::{Admission, Opening};

fn illegal(generation: Generation, method: AuthenticationMethod) -> Admission {
    Admission { begun: loop {}, generation, method, by_invitation: true }
}

fn opening(token: Digest) -> Opening {
    Opening { seen: loop {}, token, by: loop {}, renewed: None }
}

fn main() {
    let _ = (illegal, opening);
}
