//! They are used.
#![deny(unused_must_use)]
use pinlatch::pin::{Charge, HasherError, Hashing, Settlement};

fn legal(charge: Charge, hashing: &Hashing<'_>) -> Result<Settlement, HasherError> {
    let permit = charge.assert_written();
    let verdict = permit.compare(hashing)?;
    Ok(verdict.into_settlement())
}
