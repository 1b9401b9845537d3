//! The account plans it, and it is hashed.
use pinlatch::pin::{HasherError, Hashing, NewCredential, PinPlan};

fn legal(plan: PinPlan, hashing: &Hashing<'_>) -> Result<NewCredential, HasherError> {
    plan.make(hashing)
}
