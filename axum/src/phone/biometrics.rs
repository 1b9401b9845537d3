//! Face and fingerprint.

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::Wanted;
use pinlatch::host::Host;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{BiometricAssertion, Modality};
use serde_json::Value;

use super::pin::Opened;
use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Asked, Body, FromPhone, KnownDevice, Named, PresentedSession};
use crate::parts::NotVerified;
use crate::problem::{HttpCode, Problem};
use crate::running::Command;

/// Opens the lock by face or fingerprint, or the open app anew.
///
/// # Errors
/// As for [`Gate::unlock_with_biometric`](pinlatch::gate::Gate::unlock_with_biometric); `BiometricUnavailable` where the
/// host verifies none.
#[utoipa::path(post, path = "/unlock/biometric", tag = "biometrics", request_body = crate::schema::Evidence,
    security(("device" = [])), responses((status = 200, body = Opened)))]
pub async fn unlock_with_biometric<H: Host + 'static>(
    State(app): State<App<H>>,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
    Body(evidence): Body<Value>,
) -> Result<Sent<Opened>, Problem> {
    let assertion = verified(&app, &asked, &token, evidence).await?;
    let command = Command::of("unlock_with_biometric", token.person());
    let opened = app.run(&asked, command, |gate| async move {
        gate.unlock_with_biometric(&token, &assertion, &context).await
    });
    Ok(Sent(Opened::from(&opened.await?)))
}

/// Enables face or fingerprint on this device, with the set of them that there is now.
///
/// # Errors
/// `AuthenticationRequired` if the two tokens are not of one device; else as for
/// [`Gate::enable_biometric`](pinlatch::gate::Gate::enable_biometric); `BiometricRejected` if the person was not
/// recognised, `BiometricUnavailable` if the platform cannot tell a changed set, or the host verifies none.
#[utoipa::path(put, path = "/biometrics", tag = "biometrics", request_body = crate::schema::Evidence,
    security(("session" = [], "device" = [])), responses((status = 204)))]
pub async fn enable_biometric<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    KnownDevice(token): KnownDevice,
    FromPhone { asked, context }: FromPhone,
    Body(evidence): Body<Value>,
) -> Result<StatusCode, Problem> {
    let command = Command::asking("enable_biometric");
    let compared = app.run(&asked, command, |gate| async move {
        let grant = match gate.check(&session, Wanted::session(), &context).await {
            // It is refused all the same; by which refusal first, the gate decides below.
            Err(error) if error.code() == RefusalCode::SessionRequired => return Ok((session, token, true)),
            checked => checked?,
        };
        let view = gate.device_view(&token, &context).await?;
        Ok((session, token, view.device == Some(grant.device())))
    });
    let (session, token, are_of_one_device) = compared.await?;
    if !are_of_one_device {
        return Err(asked.problem(RefusalCode::AuthenticationRequired));
    }
    let BiometricAssertion { modality, recognised, baseline } =
        verified(&app, &asked, &token, evidence).await?;
    if !recognised {
        return Err(asked.problem(RefusalCode::BiometricRejected));
    }
    let baseline = baseline.ok_or_else(|| asked.problem(RefusalCode::BiometricUnavailable))?;
    let command = Command::of("enable_biometric", session.person());
    let enabled = app.run(&asked, command, |gate| async move {
        gate.enable_biometric(&session, modality, baseline, &context).await
    });
    enabled.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Disables face or fingerprint on this device. Not enabled is done, too.
///
/// # Errors
/// As for [`Gate::disable_biometric`](pinlatch::gate::Gate::disable_biometric).
#[utoipa::path(delete, path = "/biometrics/{modality}", tag = "biometrics",
    params(("modality" = inline(crate::schema::Modality), Path)),
    security(("session" = [])), responses((status = 204)))]
pub async fn disable_biometric<H: Host + 'static>(
    State(app): State<App<H>>,
    PresentedSession(session): PresentedSession,
    FromPhone { asked, context }: FromPhone,
    Named(modality): Named<Modality>,
) -> Result<StatusCode, Problem> {
    let command = Command::of("disable_biometric", session.person());
    let disabled =
        app.run(
            &asked,
            command,
            |gate| async move { gate.disable_biometric(&session, modality, &context).await },
        );
    disabled.await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn verified<H: Host + 'static>(
    app: &App<H>,
    asked: &Asked,
    token: &DeviceToken,
    evidence: Value,
) -> Result<BiometricAssertion, Problem> {
    let Some(verifies) = app.parts().biometrics.as_ref() else {
        return Err(asked.problem(RefusalCode::BiometricUnavailable));
    };
    verifies.assertion(token, evidence).await.map_err(|error| match error {
        NotVerified::Malformed => asked.wrong(HttpCode::BodyMalformed),
        NotVerified::Failed | NotVerified::Cancelled => asked.problem(RefusalCode::BiometricRejected),
        NotVerified::Unavailable(failed) => failed.answered(asked),
    })
}
