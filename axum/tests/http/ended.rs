//! A phone whose session ended is told why, by the token that opens nothing any more.

use pinlatch::account::EndReason;
use pinlatch::refusal::Language;
use pinlatch_axum::asked::Languages;
use pinlatch_axum::parts::{OwnText, Texts, Wording};
use pinlatch_testkit::{ACME, PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Phone;
use super::served::{Served, gate};

async fn told(phone: &Phone<'_>) -> Value {
    phone.get("/device").await.done().body["ended"].clone()
}

#[tokio::test]
async fn a_lost_phone_that_was_logged_out_is_told_so_in_the_persons_language() {
    let served = Served::start().await;
    let (anna, kaisa) = (served.employee().await, served.administrator().await);
    let (mut lost, kept) = (served.open_phone(anna).await, served.open_phone(anna).await);
    assert_eq!(told(&lost).await, Value::Null);
    let device = format!("/admin/companies/{ACME}/people/{anna}/devices/{}", lost.id);
    served.browse(kaisa, Method::DELETE, &device, None).await.done();

    let ended = told(&lost).await;
    assert_eq!(ended["reason"], "ByAdministrator");
    assert_eq!(ended["text"], EndReason::ByAdministrator.message(Language::English));
    assert_eq!(ended["at"], json!("2026-11-22T12:00:00.000Z"), "what the clock of the test read");
    assert!(!ended.to_string().contains(&kaisa.to_string()), "who it was is in the audit trail");
    lost.extra = vec![("accept-language", "fi".to_owned())];
    let finnish = told(&lost).await;
    assert_eq!(finnish["text"], EndReason::ByAdministrator.message(Language::Finnish));
    assert_eq!(finnish["language"], "fi");

    // Asking opens nothing, and the other phone goes on.
    lost.unlock(PIN).await.refused("AuthenticationRequired");
    assert!(kept.is_open().await && told(&kept).await == Value::Null);
    // Signed in anew, it has nothing to be told.
    lost.sign_in().await.done();
    assert_eq!(told(&lost).await, Value::Null);
}

#[tokio::test]
async fn each_way_out_over_http_has_its_reason() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let (phone, other) = (served.open_phone(anna).await, served.open_phone(anna).await);
    other.send(Method::DELETE, &format!("/devices/{}", phone.id), None).await.done();
    assert_eq!(told(&phone).await["reason"], "FromAnotherDevice");

    other.touch("/log-out").await.done();
    assert_eq!(told(&other).await["reason"], "Asked");

    let mut mistyped = served.open_phone(anna).await;
    mistyped.lock().await.done();
    for _ in 0..5 {
        mistyped.unlock(pinlatch_testkit::WRONG_PIN).await;
    }
    assert_eq!(told(&mistyped).await, Value::Null, "the message waits for its OK");
    mistyped.touch("/acknowledge").await.done();
    assert_eq!(told(&mistyped).await["reason"], "PinExhausted");

    let revoked = served.open_phone(anna).await;
    revoked.touch("/log-out-everywhere").await.done();
    assert_eq!(told(&revoked).await["reason"], "LoggedOutEverywhere");
    assert_eq!(told(&revoked).await.get("at"), None, "it is one event of the account");
}

struct House;

impl Texts for House {
    fn text(&self, wording: &Wording<'_>, _: &Languages) -> Option<OwnText> {
        let text =
            (wording.ended? == EndReason::Asked && wording.code == "SessionEnded").then_some("Hej då.")?;
        Some(OwnText { text: text.to_owned(), language: "sv".to_owned() })
    }
}

#[tokio::test]
async fn a_host_may_replace_the_text() {
    let served = Served::start_with(gate(1, None), |app| app.wording(House)).await;
    let phone = served.open_phone(served.employee().await).await;
    phone.touch("/log-out").await.done();
    let told = told(&phone).await;
    assert_eq!((&told["text"], &told["language"]), (&json!("Hej då."), &json!("sv")));
}
