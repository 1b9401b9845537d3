//! One draw, one guess (E39).
use pinlatch::account::{Account, Context, Facts, UnlockAttempt};
use pinlatch::pin::{PepperRing, Pin};
use pinlatch::secret::DeviceToken;

fn illegal(
    account: &mut Account,
    token: &DeviceToken,
    entry: &Pin,
    draw: UnlockAttempt,
    peppers: &PepperRing,
    facts: &Facts<'_>,
    context: &Context<'_>,
) {
    let _first = account.charge_unlock(token, entry, draw, peppers, facts, context);
    let _second = account.charge_unlock(token, entry, draw, peppers, facts, context);
}

fn main() {
    let _ = illegal;
}
