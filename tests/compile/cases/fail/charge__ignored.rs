//! A charge that nobody writes costs a try for nothing.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Context, Facts, UnlockAttempt};
use pinlatch::pin::{PepperRing, Pin};
use pinlatch::refusal::Refusal;
use pinlatch::secret::DeviceToken;

fn illegal(
    account: &mut Account,
    token: &DeviceToken,
    entry: &Pin,
    draw: UnlockAttempt,
    peppers: &PepperRing,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    account.charge_unlock(token, entry, draw, peppers, facts, context)?;
    Ok(())
}

fn main() {
    let _ = illegal;
}
