//! One draw, one new PIN (E39).
use pinlatch::account::{Account, Context, Facts, PinEntries};
use pinlatch::pin::{PersonalWords, PinClaim, PinDraw};
use pinlatch::refusal::Refusal;
use pinlatch::secret::DeviceToken;

fn legal(
    account: &mut Account,
    token: &DeviceToken,
    entries: &PinEntries,
    draw: PinDraw,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Result<PinClaim, Refusal> {
    account.claim_pin(token, entries, &PersonalWords::none(), draw, facts, context)
}
