//! To the provider and back: what is remembered meanwhile, and that whoever comes back is the browser that left.

use std::error::Error;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use openidconnect::core::{CoreAuthenticationFlow, CoreErrorResponseType, CoreRequestTokenError};
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, CsrfToken, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    RequestTokenError, TokenResponse,
};
use pinlatch::host::{Randomness, RandomnessError, SystemRandomness};
use pinlatch::people::AuthenticationMethod;
use pinlatch_axum::parts::PartFailed;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use url::Url;

use super::http::NotAsked;
use super::provider::back_to;
use super::{OpenId, methods};
use crate::rows::{Kind, RowsFailed, digest, now};

/// How long somebody may be away at the provider: as long as the policy lets a sign-in take, and the flow's cookie lasts.
const WINDOW: Duration = Duration::from_secs(15 * 60);

/// A browser that is away at the provider: the row under the digest of the state.
#[derive(Serialize, Deserialize)]
struct Away {
    /// The digest of its flow: no other browser may come back in its place.
    browser: String,
    /// Where it comes back to.
    origin: String,
    /// What proves to the provider that the code is asked for by who sent the browser there (RFC 7636).
    verifier: PkceCodeVerifier,
    /// When it left, in seconds since 1970.
    since: i64,
}

/// What the provider sends a browser back with.
#[derive(Default, Deserialize)]
pub(crate) struct Answer {
    state: Option<String>,
    code: Option<String>,
    error: Option<String>,
    /// Who it comes from, if the provider says so (RFC 9207).
    iss: Option<String>,
}

/// What came of it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Evidence {
    /// The ID token, for somebody who was sent there at this time, in seconds since 1970.
    Token { token: String, since: i64 },
    /// The person gave up.
    Cancelled,
    /// The provider refused, or says that it never gave this code out.
    Refused,
}

/// A browser did not come back from a sign-in that it could go on with.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotBack {
    /// This browser has no such sign-in on its way: it took too long, was used before, or is another browser's.
    #[error("there is no such sign-in on its way")]
    Unknown,
    #[error(transparent)]
    Unavailable(#[from] PartFailed),
}

impl From<RowsFailed> for NotBack {
    fn from(failed: RowsFailed) -> Self {
        Self::Unavailable(failed.into())
    }
}

/// 256 random bits, as text.
pub(crate) fn draw() -> Result<String, RandomnessError> {
    let mut bytes = [0; 32];
    SystemRandomness.fill(&mut bytes)?;
    Ok(BASE64URL_NOPAD.encode(&bytes))
}

/// The nonce of a flow: as OpenID Connect Core 1.0 §15.5.2 suggests, a digest of what only this browser's cookie holds. So
/// an ID token is good for one browser, and nothing needs to be kept for that.
pub(super) fn nonce_of(flow: &str) -> Nonce {
    Nonce::new(digest(&format!("nonce of {flow}")))
}

impl OpenId {
    /// Where to send a browser, for it to come back to this origin.
    pub(crate) async fn send_away(
        &self,
        flow: &str,
        origin: &str,
        method: Option<AuthenticationMethod>,
    ) -> Result<Url, PartFailed> {
        let metadata = self.provider.metadata().await.map_err(PartFailed::because)?;
        let client = self.provider.client(&metadata, back_to(origin).map_err(PartFailed::because)?);
        let (state, nonce) = (draw().map_err(PartFailed::because)?, nonce_of(flow));
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let away =
            Away { browser: digest(flow), origin: origin.to_owned(), verifier, since: now_in_seconds() };
        self.rows.put_for(Kind::Flow, &digest(&state), &away, WINDOW).await?;
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state),
                move || nonce,
            )
            .set_pkce_challenge(challenge)
            // Whoever is signed in there already proves anew who they are: "Log out" means it.
            .set_max_age(Duration::ZERO);
        let class = match &self.provider.acr {
            None if self.is_test_bank() => method.and_then(methods::class_of),
            asked => asked.as_deref(),
        };
        if let Some(class) = class {
            request = request.add_auth_context_value(AuthenticationContextClass::new(class.to_owned()));
        }
        let (address, _, _) = request.url();
        Ok(address)
    }

    /// A browser comes back: once, and only the one that left.
    pub(crate) async fn take_back(&self, flow: Option<&str>, answer: Answer) -> Result<Evidence, NotBack> {
        let state = answer.state.ok_or(NotBack::Unknown)?;
        let away: Option<Away> = self.rows.take(Kind::Flow, &digest(&state)).await?;
        let (away, flow) = away.zip(flow).ok_or(NotBack::Unknown)?;
        if !bool::from(away.browser.as_bytes().ct_eq(digest(flow).as_bytes())) {
            return Err(NotBack::Unknown);
        }
        if let Some(from) = answer.iss {
            let metadata = self.provider.metadata().await.map_err(PartFailed::because)?;
            if from != metadata.issuer().as_str() {
                tracing::warn!("another OpenID provider's answer was put in the place of this one's");
                return Ok(Evidence::Refused);
            }
        }
        match (answer.code, answer.error.as_deref()) {
            (Some(code), None) => self.redeem(AuthorizationCode::new(code), away).await,
            (_, Some("access_denied")) => Ok(Evidence::Cancelled),
            // What the person can do otherwise there (OpenID Connect Core 1.0 §3.1.2.6).
            (
                _,
                error @ Some(
                    "login_required"
                    | "interaction_required"
                    | "account_selection_required"
                    | "consent_required"
                    | "unmet_authentication_requirements",
                ),
            ) => {
                tracing::warn!(error, "the OpenID provider refused a sign-in");
                Ok(Evidence::Refused)
            }
            // Unwell, or not content with how it was asked: nothing that the person does helps.
            (_, error) => {
                tracing::error!(error, "the OpenID provider answered no sign-in");
                Err(unavailable("the OpenID provider answered no sign-in"))
            }
        }
    }

    /// Asks the provider for the ID token.
    async fn redeem(&self, code: AuthorizationCode, away: Away) -> Result<Evidence, NotBack> {
        let metadata = self.provider.metadata().await.map_err(PartFailed::because)?;
        let client = self.provider.client(&metadata, back_to(&away.origin).map_err(PartFailed::because)?);
        let request =
            client.exchange_code(code).map_err(PartFailed::because)?.set_pkce_verifier(away.verifier);
        match request.request_async(&self.provider.http).await {
            Ok(tokens) => {
                let token =
                    tokens.id_token().ok_or_else(|| unavailable("the OpenID provider gives no ID token"))?;
                Ok(Evidence::Token { token: token.to_string(), since: away.since })
            }
            Err(RequestTokenError::ServerResponse(refusal))
                if matches!(refusal.error(), CoreErrorResponseType::InvalidGrant) =>
            {
                tracing::warn!(%refusal, "the OpenID provider does not know this code");
                Ok(Evidence::Refused)
            }
            Err(error) => {
                log_exchange(&error);
                Err(unavailable("no ID token could be asked for"))
            }
        }
    }
}

fn unavailable(reason: &'static str) -> NotBack {
    NotBack::Unavailable(PartFailed::because(reason))
}

/// With all that caused it; but of an answer that could not be read, which may hold a token, only the place.
fn log_exchange(error: &CoreRequestTokenError<NotAsked>) {
    let said = "the OpenID provider gave no token";
    match error {
        RequestTokenError::Parse(error, _) => {
            tracing::error!(at = %error.path(), "{said}: its answer could not be read");
        }
        error => tracing::error!(error = error as &dyn Error, "{said}"),
    }
}

fn now_in_seconds() -> i64 {
    now().div_euclid(1_000)
}
