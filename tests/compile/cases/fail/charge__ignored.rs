//! A charge that nobody writes costs a try for nothing.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Raising, UnlockAttempt};
use pinlatch::pin::{PepperRing, Pin};
use pinlatch::refusal::Refusal;
use pinlatch::secret::DeviceToken;

fn illegal(
    account: &mut Account,
    token: &DeviceToken,
    entry: &Pin,
    raising: &Raising<'_>,
    peppers: &PepperRing,
    draw: UnlockAttempt,
) -> Result<(), Refusal> {
    account.charge_unlock(token, entry, raising, peppers, draw)?;
    Ok(())
}

fn main() {
    let _ = illegal;
}
