//! A new PIN is hashed when its claim is written (E38).
use pinlatch::pin::{HasherError, Hashing, NewCredential, PinClaim};

fn legal(claim: PinClaim, hashing: &Hashing<'_>) -> Result<NewCredential, HasherError> {
    claim.assert_written().make(hashing)
}
