//! Nobody administers from an app session.
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::Host;
use pinlatch::id::{CompanyId, PersonId};
use pinlatch::secret::SessionToken;

async fn illegal<H: Host>(
    gate: &Gate<H>,
    session: &SessionToken,
    company: CompanyId,
    person: PersonId,
) -> Result<(), GateError> {
    gate.revoke_all(session, company, person).await
}

fn main() {}
