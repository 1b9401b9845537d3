//! ID tokens that are none for this program, this flow or this moment, and providers that are unwell. Whoever is refused by
//! that has done nothing wrong, and is not told so.

use axum::http::StatusCode;
use openidconnect::PrivateSigningKey;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm};
use serde_json::{Value, json};

use super::provider::{Key, Provider, SECRET, back, token};
use super::served::Browser;
use super::sign_in::{leads_to, parameter, step};

const KEY: Key = Key(1, "one");

/// Makes a token of claims that are right.
type Forger<'f> = Box<dyn Fn(Value) -> String + 'f>;

/// Signs in with what the provider gives out for this; where that leads to.
async fn sign_in(provider: &Provider, phone: &Browser, give: impl FnOnce(Value) -> String) -> String {
    let address = phone.leave("IdentityProviderAccount").await;
    provider.gives(&give(provider.claims(&address)));
    leads_to(&phone.get(&back(phone, &address)).await).to_owned()
}

/// The claims with another value in them, or without any.
fn with(mut claims: Value, name: &str, value: Value) -> Value {
    let members = claims.as_object_mut().unwrap();
    if value.is_null() {
        members.remove(name)
    } else {
        members.insert(name.to_owned(), value)
    };
    claims
}

#[tokio::test]
async fn a_token_with_wrong_claims_is_refused() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    let issuer = provider.issuer.clone();
    let wrong = [
        // The provider's, or the configuration's: to try again would not help.
        ("iss", json!("https://elsewhere.example"), "Unavailable"),
        ("iss", json!(format!("{issuer}/")), "Unavailable"),
        ("aud", json!("another-client"), "Unavailable"),
        ("aud", json!(["payroll", "another-client"]), "Unavailable"),
        ("aud", json!([]), "Unavailable"),
        ("aud", Value::Null, "Unavailable"),
        ("exp", json!(1_700_000_000), "Unavailable"),
        // Of another flow, which another browser may have begun.
        ("nonce", json!("another"), "AuthenticationFailed"),
        ("nonce", json!(""), "AuthenticationFailed"),
        ("nonce", Value::Null, "AuthenticationFailed"),
        // Proven an hour before this was begun, though it was asked to be proven anew.
        ("auth_time", json!(now() - 3_600), "AuthenticationFailed"),
    ];
    for (name, value, code) in wrong {
        let end = sign_in(&provider, &phone, |claims| KEY.token(&with(claims, name, value.clone()))).await;
        assert_eq!(end, format!("/?problem={code}"), "{name} {value}");
    }
    // What is no ID token at all: the provider is unwell.
    for name in ["iss", "exp", "iat", "sub"] {
        let end = sign_in(&provider, &phone, |claims| KEY.token(&with(claims, name, Value::Null))).await;
        assert_eq!(end, "/?problem=Unavailable", "without {name}");
    }
    assert!(!phone.cookies.borrow().contains_key("device"));
    let landed = phone.get("/?problem=AuthenticationFailed").await.text;
    assert!(landed.contains("Authentication did not succeed. Try again."));
    // The log says why, and never by what.
    let log = served.log();
    assert!(log.contains("an ID token was refused") && !log.contains("eyJ"), "{log}");
    // It was that and nothing else.
    assert_eq!(sign_in(&provider, &phone, |claims| KEY.token(&claims)).await, "/");
    assert_eq!(step(&phone).await, "CreatePin");
}

fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

#[tokio::test]
async fn a_token_that_the_provider_has_not_signed_is_refused() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    let hmac = |secret: &[u8], message: &[u8]| {
        CoreHmacKey::new(secret.to_owned()).sign(&CoreJwsSigningAlgorithm::HmacSha256, message).unwrap()
    };
    let public = KEY.public()["x"].as_str().unwrap().to_owned();
    let header = |alg: &str| json!({ "alg": alg, "kid": "one" });
    let forgers: [(&str, Forger<'_>); 6] = [
        ("none", Box::new(|claims| token(&header("none"), &claims, |_| Vec::new()))),
        ("another key by the same name", Box::new(|claims| Key(2, "one").token(&claims))),
        ("another key", Box::new(|claims| Key(2, "two").token(&claims))),
        (
            "the client's secret",
            Box::new(|claims| token(&header("HS256"), &claims, |m| hmac(SECRET.as_bytes(), m))),
        ),
        (
            "the public key as a secret",
            Box::new(|claims| token(&header("HS256"), &claims, |m| hmac(public.as_bytes(), m))),
        ),
        (
            "changed afterwards",
            Box::new(|claims| {
                let [good, other] =
                    [KEY.token(&claims), KEY.token(&with(claims, "sub", json!("kaisa@example")))];
                let (payload, signature) =
                    (other.rsplit_once('.').unwrap().0, good.rsplit_once('.').unwrap().1);
                format!("{payload}.{signature}")
            }),
        ),
    ];
    for (name, forge) in &forgers {
        let end = sign_in(&provider, &phone, forge).await;
        assert_eq!(end, "/?problem=Unavailable", "{name}");
    }
    assert!(!phone.cookies.borrow().contains_key("device"));
    assert_eq!(sign_in(&provider, &phone, |claims| KEY.token(&claims)).await, "/");
}

#[tokio::test]
async fn a_token_for_another_flow_or_in_the_browser_version_is_refused() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let [phone, office] = [served.browser("a"), served.browser("office")];
    let earlier = phone.leave("IdentityProviderAccount").await;
    let stolen = KEY.token(&provider.claims(&earlier));
    assert_eq!(sign_in(&provider, &phone, |_| stolen.clone()).await, "/?problem=AuthenticationFailed");
    let address = super::office_sign_in::leave(&office).await;
    provider.gives(&stolen);
    assert_eq!(
        leads_to(&office.get(&back(&office, &address)).await),
        "/sign-in?problem=AuthenticationFailed"
    );
    let address = super::office_sign_in::leave(&office).await;
    provider.gives(&KEY.token(&with(provider.claims(&address), "sub", json!("kaisa@example"))));
    assert_eq!(leads_to(&office.get(&back(&office, &address)).await), "/");
}

#[tokio::test]
async fn a_provider_that_is_unwell_is_not_the_persons_fault() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    let unwell = [
        (StatusCode::INTERNAL_SERVER_ERROR, json!({})),
        (StatusCode::OK, json!({ "access_token": "a", "token_type": "Bearer" })),
        (StatusCode::OK, json!({ "access_token": "a", "token_type": "Bearer", "id_token": "nonsense" })),
        (StatusCode::UNAUTHORIZED, json!({ "error": "invalid_client" })),
        (StatusCode::FOUND, json!({})),
    ];
    for (status, body) in unwell {
        let address = phone.leave("IdentityProviderAccount").await;
        provider.answers(status, body.clone());
        let answer = phone.get(&back(&phone, &address)).await;
        assert_eq!(leads_to(&answer), "/?problem=Unavailable", "{status} {body}");
    }
    let address = phone.leave("IdentityProviderAccount").await;
    provider.answers(StatusCode::BAD_REQUEST, json!({ "error": "invalid_grant" }));
    assert_eq!(leads_to(&phone.get(&back(&phone, &address)).await), "/?problem=AuthenticationFailed");
    assert!(!served.log().contains("nonsense"));
}

#[tokio::test]
async fn new_keys_are_found_at_once_and_old_ones_are_no_good_then() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    assert_eq!(sign_in(&provider, &phone, |claims| KEY.token(&claims)).await, "/");
    let [second, third] = [Key(2, "two"), Key(3, "two")];
    provider.has_keys(&[second]);
    assert_eq!(sign_in(&provider, &phone, |claims| second.token(&claims)).await, "/");
    assert_eq!(sign_in(&provider, &phone, |claims| KEY.token(&claims)).await, "/?problem=Unavailable");
    // Another key by the name of the last, as of a provider that has one and gives it none.
    provider.has_keys(&[third]);
    assert_eq!(sign_in(&provider, &phone, |claims| third.token(&claims)).await, "/");
    assert_eq!(sign_in(&provider, &phone, |claims| second.token(&claims)).await, "/?problem=Unavailable");
}

#[tokio::test]
async fn another_provider_says_nothing_of_bank_credentials() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    let begun = phone.post("/api/sign-in/begin", json!({})).await.expect(200).json();
    assert_eq!(
        begun["instructions"]["methods"],
        json!(["IdentityProviderAccount"]),
        "nothing else is offered"
    );
    phone.post("/sign-in/go", json!({ "method": "BankCredentials" })).await.refused("MethodNotAvailable");
    // Whatever class it claims, or none: to this program it is an account.
    for class in [json!("bank"), Value::Null] {
        assert_eq!(sign_in(&provider, &phone, |claims| KEY.token(&with(claims, "acr", class))).await, "/");
    }
    let stranger = sign_in(&provider, &phone, |claims| KEY.token(&with(claims, "sub", json!("aino")))).await;
    assert_eq!(stranger, "/?problem=AccountUnknown");
}

#[tokio::test]
async fn a_token_that_does_not_say_when_is_the_providers_fault_and_not_the_persons() {
    let provider = Provider::start(KEY).await;
    let without = |claims| KEY.token(&with(claims, "auth_time", Value::Null));
    let served = provider.served(&[]);
    let phone = served.browser("a");
    assert_eq!(sign_in(&provider, &phone, without).await, "/?problem=Unavailable");
    assert!(served.log().contains("--without-auth-time"), "{}", served.log());
    let believes = provider.served(&["--without-auth-time"]);
    let phone = believes.browser("a");
    assert_eq!(sign_in(&provider, &phone, without).await, "/");
    // One that says it is held to it all the same.
    let long_ago = json!(now() - 3_600);
    let end = sign_in(&provider, &phone, |claims| KEY.token(&with(claims, "auth_time", long_ago))).await;
    assert_eq!(end, "/?problem=AuthenticationFailed");
}

#[tokio::test]
async fn a_level_that_is_asked_for_has_to_be_stated() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&["--acr", "urn:example:strong"]);
    let phone = served.browser("a");
    let address = phone.leave("IdentityProviderAccount").await;
    assert_eq!(parameter(&address, "acr_values"), "urn:example:strong");
    for (stated, end) in [
        (json!("urn:example:strong"), "/"),
        (json!("urn:example:weak"), "/?problem=AuthenticationFailed"),
        (Value::Null, "/?problem=Unavailable"),
    ] {
        let led = sign_in(&provider, &phone, |claims| KEY.token(&with(claims, "acr", stated.clone()))).await;
        assert_eq!(led, end, "{stated}");
    }
    assert!(served.log().contains("--acr"), "{}", served.log());
}

#[tokio::test]
async fn an_answer_that_names_another_issuer_is_refused() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let phone = served.browser("a");
    let own = provider.issuer.as_str();
    for (issuer, end) in [("https://elsewhere.example", "/?problem=AuthenticationFailed"), (own, "/")] {
        let address = phone.leave("IdentityProviderAccount").await;
        provider.gives(&KEY.token(&provider.claims(&address)));
        let answer = format!("{}&iss={issuer}", back(&phone, &address));
        assert_eq!(leads_to(&phone.get(&answer).await), end, "{issuer}");
    }
}
