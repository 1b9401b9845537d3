//! After the storm: every person gets in, and what waits is handed to the journal.

use pinlatch::gate::GateError;
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;

use crate::call::Entry;
use crate::host::{Device, Host, victim};
use crate::seam::Engine;

/// A late write of the storm may still land, and an engine that was killed may still come back.
const TRIES: usize = 5;

/// Lets everybody in, one after the other; answers with who is not.
pub(super) async fn everybody_in<E: Engine>(host: &Host<E>, people: u32) -> Vec<String> {
    let mut stranded = Vec::new();
    for person in (0..people).map(victim) {
        if let Err((step, error)) = in_again(host, person).await {
            stranded.push(format!("{person} is not in: {step}: {error:?}"));
        }
        for (what, delivered) in [
            ("events", host.gate.deliver_events(person).await),
            ("changes", host.gate.deliver_changes(person).await),
        ] {
            match delivered {
                Ok(0) => {}
                other => stranded.push(format!("{what} of {person} wait: {other:?}")),
            }
        }
    }
    stranded
}

/// Signs in, perhaps with a new invitation, creates a PIN, locks, enters it, uses the app.
async fn in_again<E: Engine>(host: &Host<E>, person: PersonId) -> Result<(), (&'static str, GateError)> {
    let device = signed_in(host, person).await?;
    let at = |step| move |error| (step, error);
    host.create_pin(&device).await.map_err(at("create PIN"))?;
    host.lock(&device).await.map_err(at("lock"))?;
    let session = host.unlock(&device, Entry::Right).await.map_err(at("unlock"))?;
    host.check(&session).await.map_err(at("check"))
}

async fn signed_in<E: Engine>(host: &Host<E>, person: PersonId) -> Result<Device, (&'static str, GateError)> {
    let mut tries = 0;
    loop {
        let refused = match host.sign_in(person, None, None).await {
            Ok(device) => return Ok(device),
            Err(refused) => refused,
        };
        tries += 1;
        match refused.code() {
            RefusalCode::ReinvitationRequired => {
                let invitation = host.invite(person).await.map_err(|error| ("invite", error))?;
                let signed_in = host.sign_in(person, None, Some(&invitation)).await;
                return signed_in.map_err(|error| ("sign-in with an invitation", error));
            }
            RefusalCode::Unavailable if tries < TRIES => {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
            _ => return Err(("sign-in", refused)),
        }
    }
}
