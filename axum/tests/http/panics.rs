//! Parts of the host that panic: answered, and not a connection that breaks off.

use axum::http::request::Parts;
use axum::routing::{get, post};
use pinlatch::access::BrowserSession;
use pinlatch::account::DeviceIntegrity;
use pinlatch_axum::asked::Languages;
use pinlatch_axum::parts::{
    Answer, AttestsDevices, OwnText, PartFailed, ReadsBrowserSession, Texts, Wording,
};
use pinlatch_axum::{OpenSession, app_routes_except, with_problems};
use pinlatch_testkit::ACME;
use reqwest::Method;

use super::client::send;
use super::served::{Served, gate};

/// Panics at whoever says so; others are as they should be.
struct Poisoned;

fn panic_if_told(parts: &Parts) {
    assert!(!parts.headers.contains_key("x-panic"), "told to");
}

impl AttestsDevices for Poisoned {
    fn verdict<'a>(&'a self, request: &'a Parts) -> Answer<'a, DeviceIntegrity> {
        Box::pin(async move {
            panic_if_told(request);
            DeviceIntegrity::Unmodified
        })
    }
}

impl ReadsBrowserSession for Poisoned {
    fn browser_session<'a>(
        &'a self,
        request: &'a mut Parts,
    ) -> Answer<'a, Result<Option<BrowserSession>, PartFailed>> {
        panic_if_told(request);
        Box::pin(async { Ok(None) })
    }
}

impl Texts for Poisoned {
    fn text(&self, wording: &Wording<'_>, languages: &Languages) -> Option<OwnText> {
        assert_ne!(languages.iter().next(), Some("xx"), "no words for {}", wording.code);
        None
    }
}

#[tokio::test]
async fn a_part_that_panics_is_unavailable() {
    let parts =
        |app: pinlatch_axum::AppBuilder<_>| app.attesting(Poisoned).with_browser(Poisoned).wording(Poisoned);
    let served = Served::start_with(gate(1, None), parts).await;
    let mut phone = served.open_phone(served.employee().await).await;
    phone.extra = vec![("x-panic", "now".to_owned()), ("accept-language", "fi".to_owned())];
    for reply in [phone.touch("/lock").await, phone.get("/session").await] {
        let reply = reply.refused("Unavailable");
        assert_eq!((reply.status, reply.header("retry-after")), (503, Some("30")));
        assert_eq!(reply.header("content-language"), Some("fi"));
        assert!(!reply.body.to_string().contains("told to"));
    }
    let account = format!("/admin/companies/{ACME}/people/{}/account", phone.owner);
    send(&served, Method::GET, &account, &[("x-panic", "now")], None).await.refused("Unavailable");
    // Even the words may.
    phone.extra = vec![("accept-language", "xx".to_owned())];
    phone.get("/nowhere").await.refused("Unavailable");
    // It was that request's, and nobody else's.
    phone.extra.clear();
    assert!(phone.is_open().await);
}

/// A host's own routes, inside `with_problems`.
#[tokio::test]
async fn routes_of_the_hosts_own_answer_in_the_same_form() {
    let served = Served::start_beside(
        gate(1, None),
        |app| app.attesting(Poisoned),
        |app| {
            let own = app_routes_except(app.clone(), &["log_out"])
                .route("/log-out", post(|| async { "our own" }))
                .route("/own", get(|_: OpenSession| async { "ours" }).with_state(app.clone()));
            axum::Router::new().nest("/own", with_problems(own, app))
        },
    );
    let served = served.await;
    let reply = send(&served, Method::GET, "/own/log-out", &[], None).await.refused("MethodUnknown");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    let reply = send(&served, Method::GET, "/own/lock", &[], None).await.refused("MethodUnknown");
    assert_eq!((reply.status, reply.header("allow")), (405, Some("POST")));
    let phone = served.open_phone(served.employee().await).await;
    let bearer = format!("Bearer {}", phone.session.as_deref().unwrap());
    let told = [("authorization", bearer.as_str()), ("x-panic", "now")];
    send(&served, Method::GET, "/own/own", &told, None).await.refused("Unavailable");
}
