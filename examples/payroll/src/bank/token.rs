//! The ID token, given out once for a code.

use std::error::Error;
use std::time::Duration;

use axum::Json;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use openidconnect::core::{
    CoreEdDsaPrivateSigningKey, CoreIdToken, CoreIdTokenClaims, CoreJsonWebKeySet, CoreJwsSigningAlgorithm,
};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::request::Known;
use super::{CLIENT, client_secret, issuer};
use crate::payroll::Payroll;
use crate::rows::{Kind, RowsFailed, digest, now};
use crate::settings::Settings;
use crate::sign_in::draw;

/// How long a code is good (RFC 6749 §4.1.2 recommends ten minutes at most; it is fetched at once).
const CODE_SPAN: Duration = Duration::from_secs(60);
/// How long an ID token is good, in seconds.
const TOKEN_SPAN: i64 = 300;
/// What stands before the 32 bytes of a key of Ed25519 in PKCS #8 (RFC 8410 §7).
const BEFORE_KEY: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// What a code stands for.
#[derive(Serialize, Deserialize)]
struct Granted {
    subject: String,
    class: String,
    nonce: String,
    redirect_uri: String,
    challenge: String,
    /// When the person said who it is, in seconds since 1970.
    when: i64,
}

/// A code for this subject.
pub(super) async fn code_for(
    payroll: &Payroll,
    request: &Known,
    subject: String,
) -> Result<String, RowsFailed> {
    let code = draw().map_err(RowsFailed::because)?;
    let granted = Granted {
        subject,
        class: request.class().to_owned(),
        nonce: request.asked.nonce.clone(),
        redirect_uri: request.redirect_uri().to_owned(),
        challenge: request.asked.code_challenge.clone(),
        when: now().div_euclid(1_000),
    };
    payroll.rows.put_for(Kind::Code, &digest(&code), &granted, CODE_SPAN).await?;
    Ok(code)
}

/// A client asks for a token.
#[derive(Deserialize)]
pub(super) struct Request {
    grant_type: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    #[serde(default)]
    code_verifier: String,
}

/// `POST /token`.
pub(super) async fn give(
    State(payroll): State<Payroll>,
    headers: HeaderMap,
    form: Result<Form<Request>, FormRejection>,
) -> Response {
    if !is_client(&payroll.settings, &headers) {
        let challenge = [(header::WWW_AUTHENTICATE, "Basic")];
        return (challenge, refused(StatusCode::UNAUTHORIZED, "invalid_client")).into_response();
    }
    let Ok(Form(request)) = form else { return refused(StatusCode::BAD_REQUEST, "invalid_request") };
    if request.grant_type != "authorization_code" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    // Whatever comes of it, the code is used up: whoever holds only that has one try.
    let granted: Option<Granted> = match payroll.rows.take(Kind::Code, &digest(&request.code)).await {
        Ok(granted) => granted,
        Err(error) => return unwell(&error),
    };
    let proven = |granted: &Granted| {
        let challenge = BASE64URL_NOPAD.encode(&Sha256::digest(request.code_verifier.as_bytes()));
        let is_same = bool::from(challenge.as_bytes().ct_eq(granted.challenge.as_bytes()));
        is_same && granted.redirect_uri == request.redirect_uri
    };
    let Some(granted) = granted.filter(proven) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_grant");
    };
    match (id_token(&payroll.settings, &granted), draw()) {
        // The access token opens nothing: there is no more to know of a person than the ID token says.
        (Ok(token), Ok(access)) => Json(json!({
            "id_token": token, "access_token": access, "token_type": "Bearer", "expires_in": TOKEN_SPAN,
        }))
        .into_response(),
        (Err(error), _) => unwell(error.as_ref()),
        (_, Err(error)) => unwell(&error),
    }
}

/// Whether it proves to be this program, as RFC 6749 §2.3.1 has it; id and secret have nothing in them to be encoded.
fn is_client(settings: &Settings, headers: &HeaderMap) -> bool {
    let text =
        headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
    let told = text.and_then(|text| BASE64.decode(text.as_bytes()).ok()).unwrap_or_default();
    told.ct_eq(format!("{CLIENT}:{}", client_secret(settings)).as_bytes()).into()
}

fn id_token(settings: &Settings, granted: &Granted) -> Result<CoreIdToken, Box<dyn Error>> {
    let issued = now().div_euclid(1_000);
    let claims: CoreIdTokenClaims = serde_json::from_value(json!({
        "iss": issuer(settings), "aud": [CLIENT], "sub": granted.subject, "nonce": granted.nonce, "acr": granted.class,
        "iat": issued, "exp": issued.saturating_add(TOKEN_SPAN), "auth_time": granted.when,
    }))?;
    Ok(CoreIdToken::new(claims, &key(settings)?, CoreJwsSigningAlgorithm::EdDsa, None, None)?)
}

/// `GET /keys`.
pub(super) async fn keys(State(payroll): State<Payroll>) -> Response {
    match key(&payroll.settings) {
        Ok(key) => Json(CoreJsonWebKeySet::new(vec![key.as_verification_key()])).into_response(),
        Err(error) => unwell(error.as_ref()),
    }
}

/// The key by which tokens are signed: derived, so that each host of several has the same, after a restart too.
fn key(settings: &Settings) -> Result<CoreEdDsaPrivateSigningKey, Box<dyn Error>> {
    let der = Zeroizing::new([BEFORE_KEY.as_slice(), settings.derived("test bank").as_slice()].concat());
    let pem = Zeroizing::new(format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        BASE64.encode(&der)
    ));
    Ok(CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new("test".to_owned())))?)
}

fn refused(status: StatusCode, error: &'static str) -> Response {
    (status, Json(json!({ "error": error }))).into_response()
}

fn unwell(error: &(dyn Error + 'static)) -> Response {
    tracing::error!(error, "the test bank could not answer");
    refused(StatusCode::INTERNAL_SERVER_ERROR, "server_error")
}
