//! Face and fingerprint.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::Wanted;
use pinlatch::host::Host;
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use serde_json::Value;

use super::pin::Opened;
use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Asked, Body, FromPhone, KnownDevice, Named, PresentedSession};
use crate::parts::{BiometricUse, NotVerified, PartFailed, VerifiesBiometrics};
use crate::problem::{HttpCode, Problem};
use crate::running::Command;

/// Opens the lock by face or fingerprint, or the open app anew. The body is the evidence itself, as your
/// [`VerifiesBiometrics`] has it.
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
    let used = BiometricUse::Open;
    let assertion = verified(&app, &asked, &token, used, evidence).await?;
    let command = Command::of("unlock_with_biometric", token.person());
    let part = app.parts().biometrics.clone();
    let opened = app.run(&asked, command, |gate| async move {
        let opened = gate.unlock_with_biometric(&token, &assertion, &context).await?;
        Ok((opened, accepted(part, &token, used, &assertion).await))
    });
    let (opened, kept) = opened.await?;
    kept.map_err(|failed| failed.answered(&asked))?;
    Ok(Sent(Opened::from(&opened)))
}

/// Enables face or fingerprint on this device, with the set of them that there is now. The body is the evidence itself.
///
/// # Errors
/// `AuthenticationRequired` if the two tokens are not of one device; else as for
/// [`Gate::enable_biometric`](pinlatch::gate::Gate::enable_biometric); `BiometricRejected` if the person was not
/// recognised, `StepUpRequired` if no PIN opened the app (D28), `BiometricUnavailable` if the platform cannot tell a
/// changed set, or the host verifies none.
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
            Ok(grant) => grant,
            Err(error) if error.code() == RefusalCode::SessionRequired => {
                // By which refusal, enabling decides; no evidence is looked at, and a session that has ended stays so.
                let nothing = Baseline::of(session.expose().as_bytes());
                gate.enable_biometric(&session, Modality::Face, nothing, &context).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        let view = gate.device_view(&token, &context).await?;
        Ok((session, token, view.device == Some(grant.device())))
    });
    let (session, token, are_of_one_device) = compared.await?;
    if !are_of_one_device {
        return Err(asked.problem(RefusalCode::AuthenticationRequired));
    }
    let used = BiometricUse::Enable;
    let assertion = verified(&app, &asked, &token, used, evidence).await?;
    if !assertion.recognised {
        return Err(asked.problem(RefusalCode::BiometricRejected));
    }
    let modality = assertion.modality;
    let baseline = assertion.baseline.ok_or_else(|| asked.problem(RefusalCode::BiometricUnavailable))?;
    let command = Command::of("enable_biometric", session.person());
    let part = app.parts().biometrics.clone();
    let enabled = app.run(&asked, command, |gate| async move {
        gate.enable_biometric(&session, modality, baseline, &context).await?;
        Ok(accepted(part, &token, used, &assertion).await)
    });
    enabled.await?.map_err(|failed| failed.answered(&asked))?;
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
    wanted: BiometricUse,
    evidence: Value,
) -> Result<BiometricAssertion, Problem> {
    let Some(verifies) = app.parts().biometrics.as_ref() else {
        return Err(asked.problem(RefusalCode::BiometricUnavailable));
    };
    verifies.assertion(token, wanted, evidence).await.map_err(|error| match error {
        NotVerified::Malformed => asked.wrong(HttpCode::BodyMalformed),
        NotVerified::Failed | NotVerified::Cancelled => asked.problem(RefusalCode::BiometricRejected),
        NotVerified::Unavailable(failed) => failed.answered(asked),
    })
}

/// Within the attempt, so that a client that hangs up keeps nobody from being told.
async fn accepted(
    part: Option<Arc<dyn VerifiesBiometrics>>,
    token: &DeviceToken,
    used: BiometricUse,
    assertion: &BiometricAssertion,
) -> Result<(), PartFailed> {
    match part {
        Some(part) => part.accepted(token, used, assertion).await,
        None => Ok(()),
    }
}
