//! It is written.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Context};
use pinlatch::pin::Verdict;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    verdict: Verdict,
    account: &mut Account,
    context: &Context<'_>,
    session: &SessionToken,
) -> Result<(), Refusal> {
    account.settle_unlock(&verdict.into_settlement(), session, context)
}
