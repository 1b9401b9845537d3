//! Only the account tells, once the settlement is in it.
use pinlatch::account::{Account, Context};
use pinlatch::pin::Settlement;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    account: &mut Account,
    settlement: &Settlement,
    context: &Context<'_>,
    session: &SessionToken,
) -> Result<(), Refusal> {
    account.settle_unlock(settlement, session, context)
}
