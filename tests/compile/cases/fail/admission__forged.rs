//! The proofs that open something cannot be made up.
#![allow(unreachable_code)]
use pinlatch::id::Generation;
use pinlatch::people::AuthenticationMethod;
use pinlatch::secret::Digest;
use pinlatch::session::{Admission, Opening};
use pinlatch::time::Timestamp;

fn illegal(at: Timestamp, generation: Generation, method: AuthenticationMethod) -> Admission {
    Admission { at, generation, method, by_invitation: true }
}

fn opening(at: Timestamp, token: Digest) -> Opening {
    Opening { at, token, by: loop {} }
}

fn main() {
    let _ = (illegal, opening);
}
