//! One draw, one new PIN (E39).
use pinlatch::account::{Account, Context, Facts, PinEntries};
use pinlatch::pin::{PersonalWords, PinDraw};
use pinlatch::secret::DeviceToken;

fn illegal(
    account: &mut Account,
    token: &DeviceToken,
    entries: &PinEntries,
    draw: PinDraw,
    facts: &Facts<'_>,
    context: &Context<'_>,
) {
    let _first = account.claim_pin(token, entries, &PersonalWords::none(), draw, facts, context);
    let _second = account.claim_pin(token, entries, &PersonalWords::none(), draw, facts, context);
}

fn main() {
    let _ = illegal;
}
