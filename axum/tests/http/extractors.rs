//! Extractors, in a host's own routes and state.

use std::num::NonZeroUsize;
use std::time::Duration;

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use pinlatch::people::{Action, Function};
use pinlatch_axum::asked::{Client, ClientAddress, WantsFunction};
use pinlatch_axum::{App, HasApp, OpenSession, Permitted, phone};
use pinlatch_testkit::{ACME, PIN, minutes};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::{foreign_client, send};
use super::served::{Served, TestHost, gate};

struct ReadPayslips;

impl WantsFunction for ReadPayslips {
    fn wanted() -> (Action, Function) {
        (Action::Read, Function::SalaryInformation)
    }
}

struct EnterHours;

impl WantsFunction for EnterHours {
    fn wanted() -> (Action, Function) {
        (Action::Edit, Function::WorkingHours)
    }

    fn by_pin_within() -> Option<Duration> {
        Some(minutes(5))
    }
}

/// A state of the host's own.
#[derive(Clone)]
struct Payroll {
    app: App<TestHost>,
    greeting: &'static str,
}

impl HasApp for Payroll {
    type Host = TestHost;

    fn app(&self) -> &App<TestHost> {
        &self.app
    }
}

async fn payslips(State(payroll): State<Payroll>, permitted: Permitted<ReadPayslips>) -> Json<Value> {
    Json(json!({"greeting": payroll.greeting, "owner": permitted.request.owner.to_string()}))
}

async fn hours(permitted: Permitted<EnterHours>) -> Json<Value> {
    Json(json!({"person": permitted.grant.person().to_string()}))
}

async fn home(open: OpenSession) -> Json<Value> {
    Json(json!({"device": open.grant.device().to_string()}))
}

async fn whence(client: Client) -> Json<Value> {
    Json(json!({"address": client.address.map(|address| address.to_string())}))
}

fn own_routes(app: &App<TestHost>) -> Router {
    let one_alone = Router::new().route("/bye", post(phone::log_out::<TestHost>)).with_state(app.clone());
    Router::new()
        .route("/{company}/payslips/{owner}", get(payslips))
        .route("/{company}/hours", post(hours))
        .route("/home", get(home))
        .route("/whence", get(whence))
        .with_state(Payroll { app: app.clone(), greeting: "hello" })
        .merge(one_alone)
}

#[tokio::test]
async fn a_hosts_own_routes_are_permitted_by_the_gate() {
    let served = Served::start_beside(gate(1, None), |app| app, own_routes).await;
    let anna = served.employee().await;
    let mut phone = served.open_phone(anna).await;
    let ask = async |method: Method, path: String, session: &str| {
        send(&served, method, &path, &[("authorization", &format!("bearer {session}"))], None).await
    };
    let session = phone.session.clone().unwrap();
    let own = format!("/{ACME}/payslips/{anna}");
    let reply = ask(Method::GET, own.clone(), &session).await.done();
    assert_eq!(reply.body, json!({"greeting": "hello", "owner": anna.to_string()}));
    let bert = served.employee().await;
    ask(Method::GET, format!("/{ACME}/payslips/{bert}"), &session).await.refused("NotOwnData");
    ask(Method::GET, format!("/{ACME}/payslips/nobody"), &session).await.refused("RouteUnknown");
    ask(Method::GET, "/home".to_owned(), &session).await.done();
    ask(Method::GET, own.clone(), phone.device.as_deref().unwrap()).await.refused("SessionRequired");

    // Hours want a PIN of the last five minutes.
    let hours = format!("/{ACME}/hours");
    ask(Method::POST, hours.clone(), &session).await.done();
    served.clock.advance(minutes(6));
    ask(Method::POST, hours.clone(), &session).await.refused("StepUpRequired");
    phone.unlock(PIN).await.done();
    let newer = phone.session.clone().unwrap();
    ask(Method::POST, hours, &newer).await.done();
    ask(Method::GET, own.clone(), &session).await.refused("SessionRequired");

    // One of our routes, mounted alone.
    send(&served, Method::POST, "/bye", &[("pinlatch-device", phone.device.as_deref().unwrap())], None)
        .await
        .done();
    ask(Method::GET, own, &newer).await.refused("SessionRequired");
}

#[tokio::test]
async fn a_route_is_replaced_by_the_hosts_own() {
    let served = Served::start_beside(
        gate(1, None),
        |app| app,
        |app| {
            let own = post(async || Json(json!({"own": true})));
            let phone = pinlatch_axum::app_routes_except(app.clone(), &["log_out"]).route("/log-out", own);
            Router::new().nest("/mine", phone)
        },
    )
    .await;
    let phone = served.open_phone(served.employee().await).await;
    let device = [("pinlatch-device", phone.device.as_deref().unwrap())];
    let reply = send(&served, Method::POST, "/mine/log-out", &device, None).await.done();
    assert_eq!(reply.body, json!({"own": true}));
    assert!(phone.is_open().await);
    send(&served, Method::POST, "/mine/lock", &device, None).await.done();
    assert!(!phone.is_open().await);
}

async fn seen(served: &Served, headers: &[(&str, &str)]) -> Option<String> {
    let reply = send(served, Method::GET, "/whence", headers, None).await.done();
    reply.body["address"].as_str().map(str::to_owned)
}

#[tokio::test]
async fn the_address_is_from_where_the_host_says_and_nowhere_else() {
    const HEADER: &str = "x-forwarded-for";
    let said = [(HEADER, "203.0.113.7")];
    let silent = Served::start_beside(gate(1, None), |app| app, own_routes).await;
    assert_eq!(seen(&silent, &said).await, None);
    let peer =
        Served::start_beside(gate(1, None), |app| app.with_address(ClientAddress::Peer), own_routes).await;
    assert_eq!(seen(&peer, &said).await.as_deref(), Some("127.0.0.1"));

    let proxies = NonZeroUsize::new(2).unwrap();
    let header = HEADER.parse().unwrap();
    let behind = ClientAddress::Forwarded { header, proxies };
    let served = Served::start_beside(gate(1, None), |app| app.with_address(behind), own_routes).await;
    let of = async |list: &str| seen(&served, &[(HEADER, list)]).await;
    assert_eq!(of("198.51.100.9, 10.0.0.1").await.as_deref(), Some("198.51.100.9"));
    assert_eq!(
        of("6.6.6.6, 198.51.100.9, 10.0.0.1").await.as_deref(),
        Some("198.51.100.9"),
        "the client invents"
    );
    assert_eq!(of("[2001:db8::1]:4711, 10.0.0.1").await.as_deref(), Some("2001:db8::1"));
    assert_eq!(of("10.0.0.1").await, None, "it did not come by both proxies");
    assert_eq!(of("unknown, 10.0.0.1").await, None);
    assert_eq!(seen(&served, &[]).await, None);
    // Whatever the client has written: it does not hide the client.
    let garbage = [b"\xff\xfe".as_slice(), b", 198.51.100.9, 10.0.0.1"].concat();
    let request = foreign_client().get(format!("http://{}/whence", served.address));
    let value = reqwest::header::HeaderValue::from_bytes(&garbage).unwrap();
    let text = request.header(HEADER, value).send().await.unwrap().text().await.unwrap();
    assert_eq!(text, r#"{"address":"198.51.100.9"}"#);
    let lines = [(HEADER, "6.6.6.6, 198.51.100.9"), (HEADER, "10.0.0.1")];
    assert_eq!(seen(&served, &lines).await.as_deref(), Some("198.51.100.9"), "several lines are one list");
}

#[tokio::test]
async fn the_audit_trail_has_trace_and_address() {
    let trace = "x-request-id".parse().unwrap();
    let parts = gate(1, None);
    let served =
        Served::start_with(parts, |app| app.with_address(ClientAddress::Peer).traced_by(trace)).await;
    let anna = served.employee().await;
    let mut phone = served.open_phone(anna).await;
    phone.extra = vec![("x-request-id", "trace-4711".to_owned())];
    phone.lock().await.done();
    let note = |served: &Served| served.journal.events(anna).pop().unwrap().note.unwrap().as_str().to_owned();
    assert_eq!(note(&served), "trace-4711 127.0.0.1");
    // One that does not fit is left out, and never makes a request fail.
    phone.extra = vec![("x-request-id", "x".repeat(80))];
    phone.unlock(PIN).await.done();
    assert_eq!(note(&served), "127.0.0.1");
    // Nor is one that looks like trace and address together, or two of them, of which a proxy wrote one.
    for invented in [vec!["trace-4711 6.6.6.6"], vec!["6.6.6.6", "trace-4711"]] {
        phone.extra = invented.into_iter().map(|trace| ("x-request-id", trace.to_owned())).collect();
        phone.unlock(PIN).await.done();
        assert_eq!(note(&served), "127.0.0.1");
    }
}
