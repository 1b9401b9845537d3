//! A small OpenID provider **for tests**, which believes whoever comes: code flow with PKCE, an ID token signed by a key of
//! its own. It refuses to be where others than this machine could reach it.
//!
//! | file | what it does |
//! |---|---|
//! | `request` | what a client asks for, checked |
//! | `page` | asks who comes, and by which method; believes the answer |
//! | `token` | gives out the ID token for a code, once |
//! | `words` | the page's texts, in English and Finnish |

mod page;
mod request;
mod token;
mod words;

use axum::extract::{DefaultBodyLimit, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use data_encoding::BASE64URL_NOPAD;
use pinlatch::people::AuthenticationMethod;
use serde_json::{Value, json};

use crate::payroll::Payroll;
use crate::places;
use crate::settings::Settings;
use crate::sign_in::class_of;

/// Who this program is to the bank.
pub(crate) const CLIENT: &str = "payroll";
/// Its forms are small.
const LARGEST_FORM: usize = 16_384;

/// The issuer.
pub(crate) fn issuer(settings: &Settings) -> String {
    places::origin(settings, "bank")
}

/// What this program proves itself by to the bank. Both sides derive it.
pub(crate) fn client_secret(settings: &Settings) -> String {
    BASE64URL_NOPAD.encode(settings.derived("client secret").as_slice())
}

/// Nothing where others could get to it, or where people have a real provider.
pub(crate) fn router(payroll: &Payroll) -> Router {
    if !payroll.settings.is_at_home() || payroll.settings.provider.is_some() {
        return Router::new();
    }
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/keys", get(token::keys))
        .route("/authorize", get(page::ask).post(page::believe))
        .route("/token", post(token::give))
        .layer(DefaultBodyLimit::max(LARGEST_FORM))
        .with_state(payroll.clone())
}

/// What the bank says of itself (OpenID Connect Discovery 1.0 §3).
async fn configuration(State(payroll): State<Payroll>) -> Json<Value> {
    let issuer = issuer(&payroll.settings);
    let methods = AuthenticationMethod::ALL.iter().filter_map(|method| class_of(*method));
    Json(json!({
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "issuer": issuer,
        "scopes_supported": ["openid"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": methods.collect::<Vec<_>>(),
        "claims_supported": ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr"],
    }))
}
