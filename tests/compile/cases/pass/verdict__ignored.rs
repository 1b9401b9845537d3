//! It is written.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Context, Facts};
use pinlatch::pin::Verdict;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    verdict: Verdict,
    account: &mut Account,
    session: &SessionToken,
    facts: &Facts<'_>,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    account.settle_unlock(&verdict.into_settlement(), session, facts, context)
}
