//! A settlement can be applied again, to the account that a conflicting write left.
use pinlatch::account::{Account, Context, Facts};
use pinlatch::pin::Settlement;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    accounts: [&mut Account; 2],
    settlement: &Settlement,
    session: &SessionToken,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> [Result<(), Refusal>; 2] {
    accounts.map(|account| account.settle_unlock(settlement, session, facts, context))
}
