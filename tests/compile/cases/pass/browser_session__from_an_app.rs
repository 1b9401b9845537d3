//! Who administers is in the browser.
use pinlatch::access::BrowserSession;
use pinlatch::gate::{Gate, GateError};
use pinlatch::host::Host;
use pinlatch::id::{CompanyId, PersonId};

async fn legal<H: Host>(
    gate: &Gate<H>,
    session: &BrowserSession,
    company: CompanyId,
    person: PersonId,
) -> Result<(), GateError> {
    gate.revoke_all(session, company, person).await
}
