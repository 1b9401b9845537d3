//! The account plans it, and it is hashed.
use pinlatch::id::CredentialId;
use pinlatch::pin::{HasherError, Hashing, NewCredential, PinPlan};

fn legal(plan: PinPlan, id: CredentialId, hashing: &Hashing<'_>) -> Result<NewCredential, HasherError> {
    plan.make(id, [0; 16], hashing)
}
