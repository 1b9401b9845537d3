//! `Idempotency-Key`: the same again, after a lost reply.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use pinlatch::people::AuthenticationMethod;
use pinlatch_axum::parts::ready::TestBank;
use pinlatch_axum::parts::{
    Answer, BegunSignIn, FlowId, NotVerified, PartFailed, Verified, VerifiesAuthentication,
};
use pinlatch_testkit::{ANOTHER_PIN, PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::served::{Served, gate};

const KEY: &str = "5eed5eed-0000-4000-8000-000000000001";

async fn telling() -> Served {
    Served::start_with(gate(1, None), |app| app.showing_tries_left(true)).await
}

#[tokio::test]
async fn one_wrong_pin_is_one_count() {
    let served = telling().await;
    let mut phone = served.open_phone(served.employee().await).await;
    phone.lock().await.done();
    let hashed = served.hasher.count();
    phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 4);
    assert_eq!(served.hasher.count(), hashed + 1);
    // Sent again and again under one key: one more.
    phone.extra = vec![("idempotency-key", KEY.to_owned())];
    for _ in 0..20 {
        phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    }
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 3);
    assert_eq!(served.hasher.count(), hashed + 2);
    // In quotation marks it is the same key.
    phone.extra = vec![("idempotency-key", format!("\"{KEY}\""))];
    phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    assert_eq!(served.hasher.count(), hashed + 2);
}

#[tokio::test]
async fn another_pin_under_the_key_is_answered_like_the_first() {
    let served = telling().await;
    let mut phone = served.open_phone(served.employee().await).await;
    phone.lock().await.done();
    phone.extra = vec![("idempotency-key", KEY.to_owned())];
    phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    let hashed = served.hasher.count();
    phone.unlock(PIN).await.refused("IncorrectPin");
    assert_eq!(served.hasher.count(), hashed, "nothing was compared");
    phone.extra = vec![("idempotency-key", KEY.replace('1', "2"))];
    phone.unlock(PIN).await.done();
}

#[tokio::test]
async fn a_key_means_nothing_to_another_device_or_route() {
    let served = telling().await;
    let anna = served.employee().await;
    let (mut one, mut two) = (served.open_phone(anna).await, served.open_phone(anna).await);
    for phone in [&mut one, &mut two] {
        phone.lock().await.done();
        phone.extra = vec![("idempotency-key", KEY.to_owned())];
        phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
        assert_eq!(phone.get("/device").await.done().body["tries_left"], 4);
    }
    // The same key on another route is another entry: it is compared, and right.
    one.extra.clear();
    one.unlock(PIN).await.done();
    one.extra = vec![("idempotency-key", KEY.to_owned())];
    let change = json!({"current": PIN, "pin": ANOTHER_PIN, "confirmation": ANOTHER_PIN});
    one.send(Method::PUT, "/pin", Some(change)).await.done();
}

/// Two phones that draw the same key, with bodies of their own.
#[tokio::test]
async fn a_key_belongs_to_its_caller() {
    let served = telling().await;
    for _ in 0..2 {
        let mut phone = served.phone(served.employee().await);
        phone.extra = vec![("idempotency-key", KEY.to_owned())];
        phone.sign_in().await.done();
    }
}

#[tokio::test]
async fn a_changed_pin_is_changed_once() {
    let served = telling().await;
    let mut phone = served.open_phone(served.employee().await).await;
    phone.extra = vec![("idempotency-key", KEY.to_owned())];
    let change = json!({"current": PIN, "pin": ANOTHER_PIN, "confirmation": ANOTHER_PIN});
    phone.send(Method::PUT, "/pin", Some(change.clone())).await.done();
    let hashed = served.hasher.count();
    phone.send(Method::PUT, "/pin", Some(change)).await.done();
    assert_eq!(served.hasher.count(), hashed);
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 5);
}

#[tokio::test]
async fn a_sign_in_gives_its_session_anew_and_another_body_is_refused() {
    let served = telling().await;
    let mut phone = served.phone(served.employee().await);
    let flow = phone.post("/sign-in/begin", json!({})).await.done().text("flow");
    phone.extra = vec![("idempotency-key", KEY.to_owned())];
    let proof = phone.proof(&flow, None);
    let first = phone.post("/sign-in", proof.clone()).await.done();
    let again = phone.post("/sign-in", proof.clone()).await.done();
    assert_eq!(first.text("device"), again.text("device"));
    assert_ne!(first.text("token"), again.text("token"));
    let mut other = proof.clone();
    other["label"] = json!("another phone");
    assert_eq!(phone.post("/sign-in", other).await.refused("KeyReused").status, 422);
    // Without the key the evidence was used; with another one, too.
    phone.extra.clear();
    phone.post("/sign-in", proof.clone()).await.refused("AuthenticationRequired");
    phone.extra = vec![("idempotency-key", KEY.replace('1', "3"))];
    phone.post("/sign-in", proof).await.refused("AuthenticationRequired");
    phone.extra.clear();
    phone.keep(&again);
    phone.create_pin(PIN).await.done();
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_and_nothing_is_counted() {
    let served = telling().await;
    let mut phone = served.open_phone(served.employee().await).await;
    for key in ["", "1", "fifteen-letters", "with a space in it", &"x".repeat(129)] {
        phone.extra = vec![("idempotency-key", key.to_owned())];
        phone.unlock(WRONG_PIN).await.refused("KeyMalformed");
    }
    phone.extra = vec![("idempotency-key", KEY.to_owned()), ("idempotency-key", KEY.to_owned())];
    phone.unlock(WRONG_PIN).await.refused("KeyMalformed");
    phone.extra.clear();
    assert_eq!(phone.get("/device").await.done().body["tries_left"], 5);
}

#[tokio::test]
async fn a_flow_belongs_to_who_began_it_and_ends() {
    let served = telling().await;
    let phone = served.phone(served.employee().await);
    phone.post("/sign-in", phone.proof(&"0".repeat(32), None)).await.refused("AuthenticationRequired");
    phone.post("/sign-in", phone.proof("none", None)).await.refused("BodyMalformed");
    let flow = phone.post("/sign-in/begin", json!({})).await.done().text("flow");
    let cancelled = json!({"flow": flow, "evidence": {"cancelled": true}, "label": "a phone"});
    phone.post("/sign-in", cancelled).await.refused("AuthenticationFailed");
    phone.post("/sign-in/cancel", json!({ "flow": flow })).await.done();
    phone.post("/sign-in", phone.proof(&flow, None)).await.done();
    let nonsense = json!({"flow": flow, "evidence": {"nonsense": 1}, "label": "a phone"});
    phone.post("/sign-in", nonsense).await.refused("BodyMalformed");
}

/// What an identity provider gives is good for one use.
#[derive(Clone, Default)]
struct OneUse(Arc<AtomicUsize>);

impl VerifiesAuthentication for OneUse {
    fn begin<'a>(
        &'a self,
        flow: FlowId,
        methods: &'a [AuthenticationMethod],
    ) -> Answer<'a, Result<Value, PartFailed>> {
        TestBank.begin(flow, methods)
    }

    fn verify<'a>(
        &'a self,
        flow: FlowId,
        begun: &'a BegunSignIn,
        evidence: Value,
    ) -> Answer<'a, Result<Verified, NotVerified>> {
        Box::pin(async move {
            match self.0.fetch_add(1, Ordering::Relaxed) {
                0 => TestBank.verify(flow, begun, evidence).await,
                _ => Err(NotVerified::Failed),
            }
        })
    }
}

#[tokio::test]
async fn the_bank_is_asked_once_for_the_same_evidence() {
    let bank = OneUse::default();
    let served = Served::start_with(gate(1, None), |app| app.verifying(bank.clone())).await;
    let mut phone = served.phone(served.employee().await);
    let begun = phone.post("/sign-in/begin", json!({})).await.done();
    assert!(begun.body["instructions"]["bank"].is_string());
    let flow = begun.text("flow");
    phone.extra = vec![("idempotency-key", KEY.to_owned())];
    phone.post("/sign-in", phone.proof(&flow, None)).await.done();
    phone.post("/sign-in", phone.proof(&flow, None)).await.done();
    assert_eq!(bank.0.load(Ordering::Relaxed), 1);
    // Other evidence of the same flow is another question.
    phone.extra.clear();
    let mut other = phone.proof(&flow, None);
    other["evidence"]["method"] = json!("IdentityProviderAccount");
    phone.post("/sign-in", other).await.refused("AuthenticationFailed");
    assert_eq!(bank.0.load(Ordering::Relaxed), 2);
}
