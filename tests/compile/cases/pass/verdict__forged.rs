//! A verdict comes of a comparison.
use pinlatch::pin::{HasherError, Hashing, Permit, Settlement};

fn legal(permit: Permit, hashing: &Hashing<'_>) -> Result<Settlement, HasherError> {
    permit.compare(hashing).map(|verdict| verdict.into_settlement())
}
