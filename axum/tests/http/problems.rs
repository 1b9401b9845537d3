//! What is not done, in one form.

use std::fmt::Write as _;

use axum::response::IntoResponse;
use pinlatch::refusal::{Language, NextStep, Refusal, RefusalCode};
use pinlatch_axum::Problem;
use pinlatch_axum::asked::Languages;
use pinlatch_axum::parts::{OwnText, Texts, Wording};
use pinlatch_axum::problem::{HttpCode, status_of};
use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::json;

use super::client::{foreign_client, send};
use super::served::{Served, gate};

/// The table of the design, by code.
const TABLE: &[(u16, &str)] = &[
    (401, "AuthenticationRequired SessionRequired"),
    (403, "IncorrectPin Locked StepUpRequired BiometricUnavailable BiometricRejected AuthenticationFailed"),
    (403, "MethodNotAvailable CredentialUnusable InvitationRequired ReinvitationRequired NotAUser"),
    (
        403,
        "NoChargeableService NotEligible FunctionNotInServices UnsupportedDevice NotOwnData NoRight NotAuthorised",
    ),
    (404, "UnknownDevice NoInvitation"),
    (409, "AcknowledgementRequired NothingToAcknowledge PinRequired PinExists DeviceInUse GuessOvertaken"),
    (410, "PinExhausted"),
    (422, "PinMalformed PinMismatch PinTooWeak PinUnchanged NothingToChange RecordFull"),
    (429, "GuessesInFlight"),
    (503, "DeviceIntegrityUnknown ClockUnavailable Unavailable AuditTrailFull"),
];

#[test]
fn statuses_are_those_of_the_table() {
    let mut seen = 0;
    for (status, codes) in TABLE {
        for name in codes.split(' ') {
            let code = RefusalCode::ALL.iter().find(|code| code.as_str() == name).expect(name);
            assert_eq!(status_of(*code).as_u16(), *status, "{name}");
            seen += 1;
        }
    }
    assert_eq!(seen, RefusalCode::ALL.len(), "a code is missing in the table");
}

#[test]
fn each_refusal_says_how_to_go_on_and_nothing_of_the_audit_view() {
    for code in RefusalCode::ALL {
        let refusal = Refusal::because(*code, pinlatch::refusal::Cause::UnknownPerson);
        let response = Problem::from(refusal).into_response();
        let headers = response.headers();
        let status = response.status().as_u16();
        assert_eq!(headers.contains_key("retry-after"), matches!(status, 429 | 503), "{code}");
        assert_eq!(
            headers.get("www-authenticate").is_some_and(|value| value == "Bearer"),
            status == 401,
            "{code}"
        );
        assert_eq!(headers["content-type"], "application/problem+json");
        let body = serde_json::to_value(Problem::from(refusal).body()).unwrap();
        // In which order, another package of the build may have chosen.
        let mut keys: Vec<_> = body.as_object().unwrap().keys().cloned().collect();
        keys.sort();
        assert_eq!(keys, ["code", "detail", "kind", "next", "status", "title", "type"]);
        assert!(!body.to_string().contains("UnknownPerson"));
    }
}

/// Over the wire, since a wait that the account knows is not that of its code.
#[test]
fn the_wait_is_the_refusals_and_rounded_up() {
    let next = NextStep::TryAgain { after: std::time::Duration::from_millis(1_001) };
    let problem = Problem::from(Refusal::new(RefusalCode::GuessesInFlight).leading_to(next));
    assert_eq!(problem.retry_after(), Some(2));
    let body = serde_json::to_value(problem.body()).unwrap();
    assert_eq!(body["next"], json!({"step": "TryAgain", "after_milliseconds": 1_001}));
}

#[tokio::test]
async fn what_http_gets_wrong_has_the_same_form() {
    let served = Served::start_with(gate(1, None), |app| app.body_limit(512)).await;
    let phone = served.open_phone(served.employee().await).await;
    let device = ("pinlatch-device", phone.device.as_deref().unwrap());
    let raw = async |content_type: Option<&str>, body: &str| {
        let mut request = foreign_client().post(format!("http://{}/app/unlock", served.address));
        request = request.header(device.0, device.1).body(body.to_owned());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let status = response.status().as_u16();
        let body: serde_json::Value = serde_json::from_slice(&response.bytes().await.unwrap()).unwrap();
        (status, body["code"].as_str().unwrap().to_owned())
    };
    let answer = |status, code: &str| (status, code.to_owned());
    let json = Some("application/json");
    assert_eq!(raw(json, "{").await, answer(400, "BodyMalformed"));
    assert_eq!(raw(json, "{}").await, answer(400, "BodyMalformed"));
    assert_eq!(raw(json, r#"{"pin":"284917","more":1}"#).await, answer(400, "BodyMalformed"));
    assert_eq!(raw(json, r#"{"pin":284917}"#).await, answer(400, "BodyMalformed"));
    assert_eq!(raw(None, r#"{"pin":"284917"}"#).await, answer(415, "BodyNotJson"));
    assert_eq!(raw(Some("text/plain"), r#"{"pin":"284917"}"#).await, answer(415, "BodyNotJson"));
    assert_eq!(raw(json, &format!(r#"{{"pin":"{}"}}"#, "1".repeat(600))).await, answer(413, "BodyTooLarge"));
    assert_eq!(raw(json, r#"{"pin":"28491x"}"#).await, answer(422, "PinMalformed"));
    assert_eq!(
        raw(Some("application/json; charset=utf-8"), r#"{"pin":"111222"}"#).await,
        answer(403, "IncorrectPin")
    );

    assert_eq!(phone.get("/nowhere").await.refused("RouteUnknown").status, 404);
    assert_eq!(send(&served, Method::GET, "/", &[], None).await.refused("RouteUnknown").status, 404);
    assert_eq!(phone.get("/unlock").await.refused("MethodUnknown").status, 405);
    assert_eq!(phone.get("/companies/none/functions").await.refused("RouteUnknown").status, 404);
}

/// What was verified when it began may have ended meanwhile, and a task is held.
#[tokio::test]
async fn a_body_that_does_not_arrive_is_given_up() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let span = std::time::Duration::from_millis(20);
    let served = Served::start_with(gate(1, None), |app| app.body_within(span)).await;
    let phone = served.open_phone(served.employee().await).await;
    let head = format!(
        "POST /app/unlock HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nPinlatch-Device: {}\r\n\
         Content-Length: 16\r\n\r\n{{\"pin\":",
        phone.device.as_deref().unwrap()
    );
    let mut stream = tokio::net::TcpStream::connect(served.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let read = stream.read_to_string(&mut answer);
    tokio::time::timeout(std::time::Duration::from_secs(20), read).await.expect("in time").unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains(r#""code":"BodyTooSlow","kind":"Retry","next":{"step":"TryAgain""#), "{answer}");
}

#[tokio::test]
async fn tokens_that_are_none_are_answered_as_unknown_ones() {
    let served = Served::start().await;
    let mut phone = served.open_phone(served.employee().await).await;
    for text in ["", "pinlatd_cut-off", "Bearer"] {
        phone.device = Some(text.to_owned());
        phone.get("/device").await.refused("AuthenticationRequired");
        phone.touch("/lock").await.refused("AuthenticationRequired");
        phone.session = Some(text.to_owned());
        phone.get("/session").await.refused("SessionRequired");
        phone.get("/devices").await.refused("SessionRequired");
    }
    // None at all, and two of them.
    phone.device = None;
    phone.session = None;
    assert_eq!(phone.touch("/lock").await.refused("AuthenticationRequired").status, 401);
    assert_eq!(phone.get("/session").await.refused("SessionRequired").status, 401);
    // A link that was cut off says so, and whom to ask: another sign-in would come to the same.
    let cut_off = phone.post("/sign-in/begin", json!({ "invitation": "pinlati_cut-off" })).await;
    let cut_off = cut_off.refused("NoInvitation");
    assert_eq!(cut_off.body["next"]["step"], "AskForInvitation");
    assert!(cut_off.text("detail").contains("Open the whole link"), "{cut_off:?}");
    let open = served.open_phone(phone.owner).await;
    let token = open.device.as_deref().unwrap();
    let twice = [("pinlatch-device", token), ("pinlatch-device", token)];
    send(&served, Method::POST, "/app/lock", &twice, None).await.refused("AuthenticationRequired");
    assert!(open.is_open().await);
}

struct House;

impl Texts for House {
    fn text(&self, wording: &Wording<'_>, languages: &Languages) -> Option<OwnText> {
        let is_swedish = languages.iter().next().is_some_and(|tag| tag.starts_with("sv"));
        let text = match (wording.code, wording.pin_digits) {
            ("PinMalformed", Some(digits)) => format!("Ange en PIN-kod med {digits} siffror."),
            ("RouteUnknown", _) => "Sidan finns inte.".to_owned(),
            _ => return None,
        };
        is_swedish.then(|| OwnText { text, language: "sv".to_owned() })
    }
}

#[tokio::test]
async fn texts_are_in_the_persons_language_and_codes_in_none() {
    let served = Served::start_with(gate(1, None), |app| app.wording(House)).await;
    let mut phone = served.open_phone(served.employee().await).await;
    let mut told = async |languages: &str, pin: &str| {
        phone.extra = vec![("accept-language", languages.to_owned())];
        let reply = phone.unlock(pin).await;
        (reply.text("code"), reply.text("detail"), reply.header("content-language").unwrap().to_owned())
    };
    let finnish = RefusalCode::IncorrectPin.message(Language::Finnish);
    let answer =
        |code: &str, text: &str, language: &str| (code.to_owned(), text.to_owned(), language.to_owned());
    assert_eq!(told("fi-FI, en;q=0.8", WRONG_PIN).await, answer("IncorrectPin", finnish, "fi"));
    assert_eq!(told("en;q=0.4, fi;q=0.5", WRONG_PIN).await.2, "fi");
    assert_eq!(told("en;Q=0.4, fi;Q=0.5", WRONG_PIN).await.2, "fi");
    assert_eq!(told("fi;q=0, de", WRONG_PIN).await, answer("IncorrectPin", "Incorrect PIN code", "en"));
    assert_eq!(told("sv", "12").await, answer("PinMalformed", "Ange en PIN-kod med 6 siffror.", "sv"));
    assert_eq!(told("en", "28491x").await.1, "Enter a PIN code of 6 digits.", "D19, and none is counted");
    assert_eq!(told("sv", WRONG_PIN).await.2, "en", "where the house has no text");
    let reply = phone.post("/pin", json!({"pin": "12", "confirmation": "12"})).await;
    assert_eq!(reply.text("detail"), "Ange en PIN-kod med 6 siffror.");
    assert_eq!(phone.get("/nowhere").await.text("detail"), "Sidan finns inte.");
}

#[tokio::test]
async fn a_part_that_is_not_there_refuses() {
    let parts = gate(1, None);
    let bare: pinlatch_axum::App<_> = parts.gate.clone().into();
    let served = Served::start_beside(
        parts,
        |app| app,
        |_| {
            axum::Router::new()
                .nest("/bare", pinlatch_axum::app_routes(bare.clone()))
                .nest("/bare-admin", pinlatch_axum::admin_routes(bare))
        },
    )
    .await;
    let phone = served.open_phone(served.employee().await).await;
    let device = ("pinlatch-device", phone.device.as_deref().unwrap());
    let bearer = format!("Bearer {}", phone.session.as_deref().unwrap());
    let begin = json!({});
    send(&served, Method::POST, "/bare/sign-in/begin", &[], Some(&begin)).await.refused("Unavailable");
    // The verdict is missing, and so never a clean one: nothing is raised. What uses or lowers works.
    let entry = json!({ "pin": PIN });
    send(&served, Method::GET, "/bare/session", &[("authorization", &bearer)], None).await.done();
    send(&served, Method::POST, "/bare/unlock", &[device], Some(&entry))
        .await
        .refused("DeviceIntegrityUnknown");
    send(&served, Method::POST, "/bare/unlock/biometric", &[device], Some(&begin))
        .await
        .refused("BiometricUnavailable");
    send(&served, Method::POST, "/bare/lock", &[device], None).await.done();
    send(
        &served,
        Method::GET,
        "/bare-admin/session",
        &[("pinlatch-test-person", &phone.owner.to_string())],
        None,
    )
    .await
    .refused("BrowserSessionRequired");
}

/// The page of all codes is made from the code; `PINLATCH_BLESS=1` writes it anew.
#[test]
fn the_page_lists_every_code() {
    let mut page = String::from(
        "Every code that is answered, in one place. Codes are never translated and never change; apps match on them.\n\n\
         # The gate's\n\n| code | status | kind | next step | English | Finnish |\n|---|---|---|---|---|---|\n",
    );
    for code in RefusalCode::ALL {
        let next = match code.next_step() {
            NextStep::TryAgain { .. } => "TryAgain".to_owned(),
            next => format!("{next:?}"),
        };
        let (english, finnish) = (code.message(Language::English), code.message(Language::Finnish));
        let (kind, status) = (code.kind(), status_of(*code).as_u16());
        writeln!(
            page,
            "| <a id=\"{code}\"></a>`{code}` | {status} | `{kind:?}` | `{next}` | {english} | {finnish} |"
        )
        .unwrap();
    }
    page += "\nKind, next step and text are those that a person is told of whom no more is known: a refusal may know more,\n\
             and to an administrator some are worded otherwise.\n\n\
             # Those of HTTP\n\nBefore the gate is asked: the request itself was not right.\n\n\
             | code | status | English | Finnish |\n|---|---|---|---|\n";
    for code in HttpCode::ALL {
        let (english, finnish) = (code.message(Language::English), code.message(Language::Finnish));
        let (name, status) = (code.as_str(), code.status().as_u16());
        writeln!(page, "| <a id=\"{name}\"></a>`{name}` | {status} | {english} | {finnish} |").unwrap();
    }
    super::blessed("src/problem/codes.md", &page);
}

#[tokio::test]
async fn i14_a_malformed_entry_where_there_is_no_pin_to_enter_is_told_the_way_on() {
    let served = Served::start().await;
    let mut phone = served.phone(served.employee().await);
    phone.sign_in().await.done();
    phone.unlock("12").await.refused("PinRequired");
    phone.create_pin(PIN).await.done();
    phone.lock().await.done();
    phone.unlock("12").await.refused("PinMalformed");
    for _ in 0..5 {
        phone.unlock(WRONG_PIN).await;
    }
    assert_eq!(phone.unlock("12").await.refused("PinExhausted").body["next"]["step"], "Acknowledge");
    phone.touch("/acknowledge").await.done();
    phone.unlock("12").await.refused("AuthenticationRequired");
}
