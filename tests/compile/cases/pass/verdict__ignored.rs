//! It is written.
#![deny(unused_must_use)]
use pinlatch::account::{Account, Raising};
use pinlatch::pin::Verdict;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    verdict: Verdict,
    account: &mut Account,
    raising: &Raising<'_>,
    session: &SessionToken,
) -> Result<(), Refusal> {
    account.settle_unlock(&verdict.into_settlement(), raising, session)
}
