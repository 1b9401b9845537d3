//! One draw, one guess (E39).
use pinlatch::account::{Account, Context, Facts, UnlockAttempt};
use pinlatch::pin::{Charge, PepperRing, Pin};
use pinlatch::refusal::Refusal;
use pinlatch::secret::DeviceToken;

fn legal(
    account: &mut Account,
    token: &DeviceToken,
    entry: &Pin,
    draw: UnlockAttempt,
    peppers: &PepperRing,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Result<Charge, Refusal> {
    account.charge_unlock(token, entry, draw, peppers, facts, context)
}
