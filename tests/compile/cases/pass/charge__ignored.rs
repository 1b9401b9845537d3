//! The charge is handed on.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Raising, UnlockAttempt};
use pinlatch::pin::{Charge, PepperRing, Pin};
use pinlatch::refusal::Refusal;
use pinlatch::secret::DeviceToken;

fn legal(
    account: &mut Account,
    token: &DeviceToken,
    entry: &Pin,
    raising: &Raising<'_>,
    peppers: &PepperRing,
    draw: UnlockAttempt,
) -> Result<Charge, Refusal> {
    account.charge_unlock(token, entry, raising, peppers, draw)
}
