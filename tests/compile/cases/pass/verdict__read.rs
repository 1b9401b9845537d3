//! Only the account tells, once the settlement is in it.
use pinlatch::account::{Account, Raising};
use pinlatch::pin::Settlement;
use pinlatch::refusal::Refusal;
use pinlatch::secret::SessionToken;

fn legal(
    account: &mut Account,
    settlement: &Settlement,
    raising: &Raising<'_>,
    session: &SessionToken,
) -> Result<(), Refusal> {
    account.settle_unlock(settlement, raising, session)
}
