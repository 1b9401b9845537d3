//! Strong authentication: begun here, proven at the bank, brought back here.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use pinlatch::account::{BeginFor, DeviceLabel, StrongAuthentication};
use pinlatch::gate::{FailedAuthentication, GateError};
use pinlatch::host::{Host, Randomness};
use pinlatch::id::DeviceId;
use pinlatch::people::AuthenticationMethod;
use pinlatch::refusal::{Cause, NextStep, Refusal, RefusalCode};
use pinlatch::secret::{DeviceToken, InvitationToken};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use crate::answer::Sent;
use crate::app::App;
use crate::asked::{Asked, Body, FromPhone, MaybeDevice, RepeatKey};
use crate::parts::{BegunSignIn, EvidenceDigest, FlowId, NotVerified, PartFailed, Verified};
use crate::problem::{HttpCode, Problem};
use crate::running::Command;

/// For whom a sign-in is begun. The device, if it has a token still, says so in `Pinlatch-Device`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = BeginSignIn)]
pub struct Begin {
    /// The invitation that the person opened, if any.
    #[schema(nullable = false, write_only)]
    pub invitation: Option<String>,
}

/// A sign-in on its way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BegunSignIn)]
pub struct Begun {
    /// Bring it back with the evidence. It is a secret of this phone's.
    #[schema(value_type = String)]
    pub flow: FlowId,
    /// What to offer.
    #[schema(value_type = Vec<crate::schema::Method>)]
    pub methods: Vec<AuthenticationMethod>,
    /// What the host's bank or provider needs the phone to know, for example an address to open.
    #[serde(skip_serializing_if = "Value::is_null")]
    #[schema(value_type = Option<crate::schema::Evidence>, nullable = false)]
    pub instructions: Value,
}

/// What the phone has brought back from the bank.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SignIn)]
pub struct SignIn {
    /// Which sign-in.
    #[schema(value_type = String)]
    pub flow: FlowId,
    /// What the bank or provider has answered.
    #[schema(value_type = crate::schema::Evidence)]
    pub evidence: Value,
    /// What the person calls the device: 1 to 64 bytes.
    #[schema(max_length = 64, min_length = 1)]
    pub label: String,
    /// The invitation, if the person presents one.
    #[schema(nullable = false, write_only)]
    pub invitation: Option<String>,
}

/// A device that is signed in, and has to make its PIN.
#[derive(Serialize, ToSchema)]
#[schema(as = SignedIn)]
pub struct SignedIn {
    /// The device session, by which the list of devices names it.
    #[schema(value_type = crate::schema::Id)]
    pub device: DeviceId,
    /// Keep it in the platform's key store, and send it as `Pinlatch-Device`.
    #[schema(read_only)]
    pub token: String,
}

/// A sign-in that the person gave up.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CancelSignIn)]
pub struct Cancel {
    /// Which sign-in.
    #[schema(value_type = String)]
    pub flow: FlowId,
}

/// Begins a sign-in: what to offer, and what to bring back.
///
/// # Errors
/// As for [`Gate::begin_authentication`](pinlatch::gate::Gate::begin_authentication); `Unavailable` if a part of the
/// host's cannot answer, or is not there.
#[utoipa::path(post, path = "/sign-in/begin", tag = "sign-in", request_body = Begin,
    security((), ("device" = [])), responses((status = 200, body = Begun)))]
pub async fn begin_sign_in<H: Host + 'static>(
    State(app): State<App<H>>,
    MaybeDevice(device): MaybeDevice,
    FromPhone { asked, context }: FromPhone,
    Body(Begin { invitation }): Body<Begin>,
) -> Result<Sent<Begun>, Problem> {
    let bank = app.parts().verifies.clone().ok_or_else(|| asked.problem(RefusalCode::Unavailable))?;
    let invitation = parse_invitation(invitation.as_deref(), &asked)?;
    let offered = app.run(&asked, Command::asking("begin_authentication"), |gate| async move {
        let whom = match (&invitation, &device) {
            (Some(token), _) => BeginFor::Invitation(token),
            (None, Some(token)) => BeginFor::Device(token),
            (None, None) => BeginFor::Nobody,
        };
        let mut flow = [0; 16];
        gate.host().randomness().fill(&mut flow).map_err(GateError::from)?;
        Ok((FlowId::from_bytes(flow), gate.begin_authentication(whom, &context).await?))
    });
    let (flow, offer) = offered.await?;
    let failed = |failed: PartFailed| failed.answered(&asked);
    let begun = BegunSignIn { start: offer.start, verified: None };
    app.parts().starts.remember(flow, begun, app.window()).await.map_err(failed)?;
    let instructions = bank.begin(flow, &offer.methods).await.map_err(failed)?;
    Ok(Sent(Begun { flow, methods: offer.methods, instructions }))
}

/// Signs the device in by what the bank has answered; it then makes its PIN. After a lost reply the same again under the
/// same `Idempotency-Key` gives the session anew, with a new token, while it waits for its PIN.
///
/// # Errors
/// `AuthenticationRequired` if the sign-in is not known any more; `AuthenticationFailed`; then as for
/// [`Gate::authenticate`](pinlatch::gate::Gate::authenticate). `NameNotUsable` of the label.
#[utoipa::path(post, path = "/sign-in", tag = "sign-in", request_body = SignIn,
    security((), ("device" = [])), params(("Idempotency-Key" = Option<String>, Header, nullable = false)),
    responses((status = 200, body = SignedIn)))]
pub async fn sign_in<H: Host + 'static>(
    State(app): State<App<H>>,
    MaybeDevice(device): MaybeDevice,
    FromPhone { asked, context }: FromPhone,
    key: RepeatKey,
    Body(body): Body<SignIn>,
) -> Result<Sent<SignedIn>, Problem> {
    let label = DeviceLabel::new(&body.label).map_err(|_| asked.wrong(HttpCode::NameNotUsable))?;
    let invitation = parse_invitation(body.invitation.as_deref(), &asked)?;
    let said = serde_json::to_vec(&(&body.evidence, &body.label, &body.invitation)).unwrap_or_default();
    let id =
        key.id(app.keys(), (&body.flow.to_string(), "sign-in"), &said).map_err(|code| asked.wrong(code))?;
    let context = id.map_or(context, |id| context.with_request(id));
    let claim = Claim { flow: body.flow, evidence: body.evidence, label, invitation, device };
    let (again, told) = (app.clone(), asked.clone());
    let whole = async move { authenticate(&again, &told, claim, context).await };
    app.to_its_end(&asked, "authenticate", whole).await?.map(Sent)
}

/// Tells that the person gave up; the audit trail learns of it. One that is not known any more is done, too.
///
/// # Errors
/// `Unavailable` if a part of the host's cannot answer.
#[utoipa::path(post, path = "/sign-in/cancel", tag = "sign-in", request_body = Cancel,
    security(()), responses((status = 204)))]
pub async fn cancel_sign_in<H: Host + 'static>(
    State(app): State<App<H>>,
    FromPhone { asked, context }: FromPhone,
    Body(Cancel { flow }): Body<Cancel>,
) -> Result<StatusCode, Problem> {
    let begun = app.parts().starts.recall(flow).await.map_err(|failed| failed.answered(&asked))?;
    if let Some(BegunSignIn { start, .. }) = begun {
        let gate = Arc::clone(app.gate());
        let told = async move {
            gate.authentication_failed(&start, FailedAuthentication::Cancelled, &context).await;
        };
        app.to_its_end(&asked, "cancel_sign_in", told).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// What a phone asks to be signed in by.
struct Claim {
    flow: FlowId,
    evidence: Value,
    label: DeviceLabel,
    invitation: Option<InvitationToken>,
    device: Option<DeviceToken>,
}

async fn authenticate<H: Host + 'static>(
    app: &App<H>,
    asked: &Asked,
    claim: Claim,
    context: pinlatch::account::RequestContext,
) -> Result<SignedIn, Problem> {
    let Claim { flow, evidence, label, invitation, device } = claim;
    let begun = app.parts().starts.recall(flow).await.map_err(|failed| failed.answered(asked))?;
    let begun = begun.ok_or_else(|| asked.problem(RefusalCode::AuthenticationRequired))?;
    let start = begun.start;
    let Verified { person, method } = match verify(app, asked, flow, begun, evidence).await? {
        Ok(verified) => verified,
        Err(how) => return Err(asked.problem(app.gate().authentication_failed(&start, how, &context).await)),
    };
    let signed_in = app.run(asked, Command::of("authenticate", person), |gate| async move {
        let evidence = StrongAuthentication::verified_by_host(start, person, method);
        let (known, invitation) = (device.as_ref(), invitation.as_ref());
        gate.authenticate(pinlatch::account::SignIn { evidence, label, known, invitation }, &context).await
    });
    let signed_in = signed_in.await?;
    Ok(SignedIn { device: signed_in.device, token: signed_in.token.expose().to_owned() })
}

/// Asks the bank once for each evidence of a flow: what it answers is often good for one use.
async fn verify<H: Host + 'static>(
    app: &App<H>,
    asked: &Asked,
    flow: FlowId,
    begun: BegunSignIn,
    evidence: Value,
) -> Result<Result<Verified, FailedAuthentication>, Problem> {
    let digest = EvidenceDigest(Sha256::digest(evidence.to_string().as_bytes()).into());
    if let Some((verified, _)) = begun.verified.filter(|(_, known)| *known == digest) {
        return Ok(Ok(verified));
    }
    let bank = app.parts().verifies.clone().ok_or_else(|| asked.problem(RefusalCode::Unavailable))?;
    let verified = match bank.verify(flow, &begun, evidence).await {
        Ok(verified) => verified,
        Err(NotVerified::Failed) => return Ok(Err(FailedAuthentication::Failed)),
        Err(NotVerified::Cancelled) => return Ok(Err(FailedAuthentication::Cancelled)),
        Err(NotVerified::Malformed) => return Err(asked.wrong(HttpCode::BodyMalformed)),
        Err(NotVerified::Unavailable(failed)) => return Err(failed.answered(asked)),
    };
    let known = BegunSignIn { verified: Some((verified, digest)), ..begun };
    let remembered = app.parts().starts.remember(flow, known, app.window()).await;
    remembered.map_err(|failed| failed.answered(asked))?;
    Ok(Ok(verified))
}

fn parse_invitation(text: Option<&str>, asked: &Asked) -> Result<Option<InvitationToken>, Problem> {
    let parsed = text.map(InvitationToken::parse).transpose();
    // A link that was cut off: whoever signs in again comes back here.
    let cut_off = Refusal::because(RefusalCode::NoInvitation, Cause::TokenMalformed);
    parsed.map_err(|_| asked.problem(cut_off.leading_to(NextStep::AskForInvitation)))
}

crate::answer::shows_nothing!(Begin, SignIn, Cancel, SignedIn);
