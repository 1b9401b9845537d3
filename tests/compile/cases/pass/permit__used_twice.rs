//! One permit, one comparison.
use pinlatch::pin::{HasherError, Hashing, Permit, Verdict};

fn legal(permit: Permit, hashing: &Hashing<'_>) -> Result<Verdict, HasherError> {
    permit.compare(hashing)
}
