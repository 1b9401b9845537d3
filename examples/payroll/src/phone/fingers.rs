//! Fingerprint and face, by WebAuthn with the platform's own authenticator.
//!
//! A passkey belongs to one session of one device: its row is found by the device token. Once that session has ended nothing
//! finds it, and a new one begins without. What a platform does when a finger or face is added is its own: it may keep
//! the passkey, or make it unusable, and then the PIN opens the app.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRequestParts, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, RequestExt, Router};
use pinlatch::account::Wanted;
use pinlatch::refusal::{NextStep, Refusal, RefusalCode};
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Baseline, BiometricAssertion, Cell, Command, Modality, cell};
use pinlatch_axum::asked::{Asked, Body, FromPhone, KnownDevice, OpenSession};
use pinlatch_axum::parts::{Answer, BiometricUse, NotVerified, PartFailed, VerifiesBiometrics};
use pinlatch_axum::problem::Problem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticatorAttachment, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Webauthn, WebauthnBuilder, WebauthnError,
};

use crate::payroll::Payroll;
use crate::places;
use crate::rows::{Kind, Rows, digest};
use crate::settings::Settings;

/// How long a challenge is good: as long as the browser's own window stays.
const CHALLENGE: Duration = Duration::from_secs(120);

/// The WebAuthn relying party. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Fingers {
    webauthn: Arc<Webauthn>,
    rows: Rows,
}

/// A challenge on its way. It is kept on the server, for one device, and taken once.
#[derive(Serialize, Deserialize)]
enum Challenge {
    Enable(Modality, PasskeyRegistration),
    Open(Modality, PasskeyAuthentication),
}

/// What a phone's page brings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shown {
    modality: Modality,
    credential: Value,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Purpose {
    Enable,
    Open,
}

/// What a challenge is wanted for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    purpose: Purpose,
    modality: Modality,
}

impl Fingers {
    pub(crate) fn of(settings: &Settings, rows: Rows) -> Result<Self, Box<dyn Error>> {
        let id = settings.origin.host_str().unwrap_or_default();
        let origins: Vec<Url> =
            places::phone_origins(settings).iter().map(|origin| origin.parse()).collect::<Result<_, _>>()?;
        let mut builder = WebauthnBuilder::new(id, &settings.origin)?.rp_name("Payroll").timeout(CHALLENGE);
        for origin in &origins {
            builder = builder.append_allowed_origin(origin);
        }
        Ok(Self { webauthn: Arc::new(builder.build()?), rows })
    }

    async fn begin(&self, device: &DeviceToken, begin: &Begin) -> Result<Option<Value>, PartFailed> {
        let (challenge, options) = match begin.purpose {
            Purpose::Enable => {
                let (mut options, state) = self
                    .webauthn
                    .start_passkey_registration(Uuid::new_v4(), "payroll", "Payroll", None)
                    .map_err(PartFailed::because)?;
                if let Some(selection) = &mut options.public_key.authenticator_selection {
                    // The phone's own sensor, and no key from elsewhere.
                    selection.authenticator_attachment = Some(AuthenticatorAttachment::Platform);
                }
                (Challenge::Enable(begin.modality, state), serde_json::to_value(options))
            }
            Purpose::Open => {
                let passkey = self.rows.get::<Passkey>(Kind::Passkey, &key(device, begin.modality)).await?;
                let Some(passkey) = passkey else { return Ok(None) };
                let started = self.webauthn.start_passkey_authentication(&[passkey]);
                let (options, state) = started.map_err(PartFailed::because)?;
                (Challenge::Open(begin.modality, state), serde_json::to_value(options))
            }
        };
        self.rows.put_for(Kind::Challenge, &digest(device.expose()), &challenge, CHALLENGE).await?;
        options.map(Some).map_err(PartFailed::because)
    }

    async fn shown(
        &self,
        device: &DeviceToken,
        used: BiometricUse,
        shown: Shown,
    ) -> Result<BiometricAssertion, NotVerified> {
        let Shown { modality, credential } = shown;
        // What cannot be verified is not recognised; the gate says so, and the PIN stays.
        let nobody = BiometricAssertion { modality, recognised: false, baseline: None };
        let taken = self.rows.take::<Challenge>(Kind::Challenge, &digest(device.expose())).await;
        let passkey = match taken.map_err(PartFailed::from)? {
            Some(Challenge::Enable(wanted, state)) if wanted == modality && used == BiometricUse::Enable => {
                let credential: RegisterPublicKeyCredential =
                    serde_json::from_value(credential).map_err(|_| NotVerified::Malformed)?;
                self.webauthn.finish_passkey_registration(&credential, &state)
            }
            Some(Challenge::Open(wanted, state)) if wanted == modality && used == BiometricUse::Open => {
                let credential: PublicKeyCredential =
                    serde_json::from_value(credential).map_err(|_| NotVerified::Malformed)?;
                self.opened(device, modality, &credential, &state).await?
            }
            _ => return Ok(nobody),
        };
        let passkey = match passkey {
            Ok(passkey) => passkey,
            Err(error) => {
                tracing::warn!(error = &error as &dyn Error, "a passkey was not taken");
                return Ok(nobody);
            }
        };
        let baseline = baseline_of(&passkey)?;
        // Beside what is enrolled, until the gate has accepted it.
        let shown = format!("{}/{}", key(device, modality), digest(&text_of(&passkey)?));
        let kept = self.rows.put_for(Kind::Shown, &shown, &passkey, CHALLENGE).await;
        kept.map_err(PartFailed::from)?;
        Ok(BiometricAssertion { modality, recognised: true, baseline: Some(baseline) })
    }

    /// The gate has accepted what was shown: from now on it opens, and what was enrolled before does not.
    async fn keep(&self, device: &DeviceToken, assertion: &BiometricAssertion) -> Result<(), PartFailed> {
        let key = key(device, assertion.modality);
        // Of several that were shown at one instant, the one that was accepted.
        for (row, shown) in self.rows.all::<Passkey>(Kind::Shown, &format!("{key}/")).await? {
            if Some(baseline_of(&shown)?) == assertion.baseline {
                self.rows.put(Kind::Passkey, &key, &shown).await?;
                self.rows.remove(Kind::Shown, &row).await?;
            }
        }
        Ok(())
    }

    /// The passkey with the counter that it now has.
    async fn opened(
        &self,
        device: &DeviceToken,
        modality: Modality,
        credential: &PublicKeyCredential,
        state: &PasskeyAuthentication,
    ) -> Result<Result<Passkey, WebauthnError>, NotVerified> {
        let result = match self.webauthn.finish_passkey_authentication(credential, state) {
            Ok(result) => result,
            Err(error) => return Ok(Err(error)),
        };
        let kept = self.rows.get::<Passkey>(Kind::Passkey, &key(device, modality)).await;
        let Some(mut passkey) = kept.map_err(PartFailed::from)? else {
            return Ok(Err(WebauthnError::CredentialNotFound));
        };
        // `None`: it is another passkey than the one that was asked for.
        if !result.user_verified() || passkey.update_credential(&result).is_none() {
            return Ok(Err(WebauthnError::UserNotVerified));
        }
        Ok(Ok(passkey))
    }
}

/// The credential and its key: its name alone, an authenticator chooses.
fn baseline_of(passkey: &Passkey) -> Result<Baseline, PartFailed> {
    Ok(Baseline::of(text_of(passkey)?.as_bytes()))
}

fn text_of(passkey: &Passkey) -> Result<String, PartFailed> {
    serde_json::to_string(&(passkey.cred_id(), passkey.get_public_key())).map_err(PartFailed::because)
}

fn key(device: &DeviceToken, modality: Modality) -> String {
    let name = match modality {
        Modality::Face => "face",
        Modality::Fingerprint => "fingerprint",
    };
    format!("{}/{name}", digest(device.expose()))
}

impl VerifiesBiometrics for Fingers {
    fn assertion<'a>(
        &'a self,
        device: &'a DeviceToken,
        wanted: BiometricUse,
        evidence: Value,
    ) -> Answer<'a, Result<BiometricAssertion, NotVerified>> {
        Box::pin(async move {
            let shown = serde_json::from_value(evidence).map_err(|_| NotVerified::Malformed)?;
            self.shown(device, wanted, shown).await
        })
    }

    fn accepted<'a>(
        &'a self,
        device: &'a DeviceToken,
        _: BiometricUse,
        assertion: &'a BiometricAssertion,
    ) -> Answer<'a, Result<(), PartFailed>> {
        Box::pin(self.keep(device, assertion))
    }
}

pub(super) fn router() -> Router<Payroll> {
    Router::new().route("/fingers/begin", post(begin))
}

/// Gives a challenge: to enable only where the app is open, to open only to a device that the gate knows.
async fn begin(State(payroll): State<Payroll>, mut request: Request) -> Result<Response, Problem> {
    let KnownDevice(device) = request.extract_parts_with_state::<KnownDevice, _>(&payroll).await?;
    let (mut parts, body) = request.into_parts();
    let asked = Asked::from_parts(&parts, &payroll);
    let Ok(FromPhone { context, .. }) = FromPhone::from_request_parts(&mut parts, &payroll).await;
    let session = OpenSession::from_request_parts(&mut parts, &payroll);
    let session = Box::pin(session).await;
    let request = Request::from_parts(parts, body);
    let Body(wanted): Body<Begin> = request.extract_with_state::<Body<Begin>, _, _>(&payroll).await?;
    match wanted.purpose {
        Purpose::Enable => {
            // Nobody shows a finger in vain: whether the PIN opened the app (D28) is asked before.
            let session = session?;
            let by_pin = Wanted::session().opened_by_pin_within(Duration::MAX);
            let checked = payroll.app.gate().check(&session.token, by_pin, &context).await;
            let grant = checked.map_err(|error| payroll.app.refused(&asked, "check", &error))?;
            let view = payroll.app.gate().device_view(&device, &context).await;
            let view = view.map_err(|error| payroll.app.refused(&asked, "device_view", &error))?;
            // The challenge is for this phone's finger, and nobody's else.
            if view.device != Some(grant.device()) {
                return Err(asked.problem(RefusalCode::AuthenticationRequired));
            }
        }
        Purpose::Open => {
            let view = payroll.app.gate().device_view(&device, &context).await;
            let view = view.map_err(|error| payroll.app.refused(&asked, "device_view", &error))?;
            // Where no PIN opens, no finger does.
            if let Cell::Absent(code) = cell(Command::UnlockWithBiometric, view.state) {
                return Err(asked.problem(Refusal::new(code).leading_to(view.next)));
            }
            if view.device.is_none() || view.next == NextStep::Authenticate {
                return Err(asked.problem(RefusalCode::AuthenticationRequired));
            }
        }
    }
    let begun = payroll.fingers.begin(&device, &wanted).await.map_err(|failed| {
        tracing::error!(error = &failed as &dyn Error, "a challenge could not be given");
        asked.problem(RefusalCode::Unavailable)
    })?;
    begun
        .map(|options| Json(options).into_response())
        .ok_or_else(|| asked.problem(RefusalCode::BiometricUnavailable))
}
