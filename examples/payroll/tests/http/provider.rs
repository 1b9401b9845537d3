//! An OpenID provider that says what a test has it say: right things, and wrong ones.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use data_encoding::{BASE64, BASE64URL_NOPAD};
use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreJwsSigningAlgorithm};
use openidconnect::{JsonWebKeyId, PrivateSigningKey};
use serde_json::{Value, json};

use super::served::{Browser, Served};
use super::sign_in::parameter;

/// What stands before the 32 bytes of a key of Ed25519 in PKCS #8 (RFC 8410 §7).
const BEFORE_KEY: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// What the program proves itself by.
pub(crate) const SECRET: &str = "a-secret-of-the-client-alone";

/// A key, by its one byte thirty-two times, and by its name.
#[derive(Clone, Copy)]
pub(crate) struct Key(pub(crate) u8, pub(crate) &'static str);

impl Key {
    fn private(self) -> CoreEdDsaPrivateSigningKey {
        let der = BASE64.encode(&[BEFORE_KEY.as_slice(), &[self.0; 32]].concat());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{der}\n-----END PRIVATE KEY-----\n");
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, Some(JsonWebKeyId::new(self.1.to_owned())))
            .unwrap()
    }

    /// As it stands among the provider's keys.
    pub(crate) fn public(self) -> Value {
        serde_json::to_value(self.private().as_verification_key()).unwrap()
    }

    pub(crate) fn sign(self, message: &[u8]) -> Vec<u8> {
        self.private().sign(&CoreJwsSigningAlgorithm::EdDsa, message).unwrap()
    }

    /// A token with these claims.
    pub(crate) fn token(self, claims: &Value) -> String {
        token(&json!({ "alg": "EdDSA", "kid": self.1 }), claims, |message| self.sign(message))
    }
}

/// A token, however it is signed.
pub(crate) fn token(header: &Value, claims: &Value, sign: impl Fn(&[u8]) -> Vec<u8>) -> String {
    let part = |value: &Value| BASE64URL_NOPAD.encode(value.to_string().as_bytes());
    let message = format!("{}.{}", part(header), part(claims));
    format!("{message}.{}", BASE64URL_NOPAD.encode(&sign(message.as_bytes())))
}

/// The provider.
pub(crate) struct Provider {
    pub(crate) issuer: String,
    said: Arc<Said>,
}

struct Said {
    issuer: String,
    keys: Mutex<Vec<Value>>,
    answer: Mutex<(StatusCode, Value)>,
}

impl Provider {
    /// One that listens, with this key.
    pub(crate) async fn start(key: Key) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let said = Arc::new(Said {
            issuer: issuer.clone(),
            keys: Mutex::new(vec![key.public()]),
            answer: Mutex::default(),
        });
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(configuration))
            .route("/keys", get(keys))
            .route("/token", post(answer))
            .with_state(Arc::clone(&said));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { issuer, said }
    }

    /// The program, with Aino and Kaisa known to this provider.
    pub(crate) fn served(&self, flags: &[&str]) -> Served {
        let known =
            ["--issuer", &self.issuer, "--client-id", "payroll", "--subject", AINO, "--subject", KAISA];
        Served::told(&[known.as_slice(), flags].concat(), &[("OIDC_CLIENT_SECRET", SECRET)])
    }

    /// What it signs by from now on.
    pub(crate) fn has_keys(&self, keys: &[Key]) {
        *self.said.keys.lock().unwrap() = keys.iter().map(|key| key.public()).collect();
    }

    /// What it answers whoever brings a code.
    pub(crate) fn answers(&self, status: StatusCode, body: Value) {
        *self.said.answer.lock().unwrap() = (status, body);
    }

    /// That it answers with this token.
    pub(crate) fn gives(&self, id_token: &str) {
        let body = json!({ "access_token": "a", "token_type": "Bearer", "id_token": id_token });
        self.answers(StatusCode::OK, body);
    }

    /// Claims as they ought to be, for Aino, who was sent to this address.
    pub(crate) fn claims(&self, address: &str) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        json!({
            "iss": self.issuer, "aud": "payroll", "sub": "aino@example", "nonce": parameter(address, "nonce"),
            "iat": now, "exp": now + 300, "auth_time": now,
        })
    }
}

const AINO: &str = "aino@example=00000000-0000-0000-0000-000000000001";
const KAISA: &str = "kaisa@example=00000000-0000-0000-0000-000000000002";

/// Where a phone that was sent to this address comes back to.
pub(crate) fn back(phone: &Browser, address: &str) -> String {
    format!("{}/sign-in/back?code=any&state={}", phone.origin(), parameter(address, "state"))
}

async fn configuration(State(said): State<Arc<Said>>) -> axum::Json<Value> {
    let issuer = &said.issuer;
    axum::Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"), "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"], "subject_types_supported": ["public"],
        // Whatever it offers: what is no signature by a key of its own is not taken.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
    }))
}

async fn keys(State(said): State<Arc<Said>>) -> axum::Json<Value> {
    axum::Json(json!({ "keys": *said.keys.lock().unwrap() }))
}

async fn answer(State(said): State<Arc<Said>>) -> Response {
    let (status, body) = said.answer.lock().unwrap().clone();
    (status, axum::Json(body)).into_response()
}
