//! Only the account tells, once the settlement is in it.
use pinlatch::account::{Account, Context, Facts};
use pinlatch::pin::Settlement;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    account: &mut Account,
    settlement: &Settlement,
    session: &SessionToken,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    account.settle_unlock(settlement, session, facts, context)
}
