//! What is logged, in a process of its own: a subscriber belongs to the whole of it.

#[path = "http/client.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod client;
#[path = "http/schema.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod schema;
#[path = "http/served.rs"]
#[allow(dead_code, reason = "the other tests use the rest")]
mod served;

use std::io;
use std::sync::{Arc, Mutex};

use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::json;

use served::Served;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything, at the chattiest level, of a story with failures: and no PIN, no token, no flow in it.
#[test]
fn nothing_secret_is_logged() {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .with_ansi(false)
        .without_time() // whose digits could be those of a PIN
        .finish();
    // For every thread of this process, those that hash included; no other test is in it.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let secrets = runtime.block_on(story_with_failures());
    let log = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    for secret in &secrets {
        assert!(!secret.is_empty() && !log.contains(secret.as_str()), "{secret} is in the log");
    }
    assert!(secrets.len() >= 9);
    for prefix in ["pinlatd_", "pinlats_", "pinlati_"] {
        assert!(!log.contains(prefix));
    }
    // It is no empty log: commands with their codes, and the failure with its source.
    assert!(log.contains("command=\"unlock_with_pin\"") && log.contains("code=\"IncorrectPin\""), "{log}");
    assert!(log.contains("the store failed: "), "{log}");
}

async fn story_with_failures() -> Vec<String> {
    let served = Served::start().await;
    let anna = served.employee().await;
    let mut phone = served.phone(anna);
    let flow = phone.post("/sign-in/begin", json!({})).await.text("flow");
    let signed_in = phone.post("/sign-in", phone.proof(&flow, None)).await.done();
    phone.keep(&signed_in);
    phone.create_pin(PIN).await.done();
    let mut secrets = vec![flow, PIN.to_owned(), WRONG_PIN.to_owned(), ANOTHER_PIN.to_owned()];
    secrets.extend([phone.device.clone().unwrap(), phone.session.clone().unwrap()]);
    phone.extra = vec![("idempotency-key", "a-key-of-the-phone-s".to_owned())];
    phone.unlock(WRONG_PIN).await.refused("IncorrectPin");
    let change = json!({"current": PIN, "pin": ANOTHER_PIN, "confirmation": ANOTHER_PIN});
    phone.send(Method::PUT, "/pin", Some(change)).await.done();
    phone.post("/pin", json!({"pin": PIN, "confirmation": ANOTHER_PIN})).await;
    phone.post("/unlock", json!({"pin": PIN, "confirmation": 1})).await.refused("BodyMalformed");
    served.store.set_down(true);
    phone.unlock(ANOTHER_PIN).await.refused("Unavailable");
    served.store.set_down(false);
    served.hasher.set_failing(true);
    phone.extra.clear();
    phone.unlock(ANOTHER_PIN).await.refused("Unavailable");
    served.hasher.set_failing(false);
    phone.unlock(ANOTHER_PIN).await.done();
    secrets.push(phone.session.clone().unwrap());
    phone.touch("/log-out-everywhere").await.done();
    let kaisa = served.administrator().await;
    let path = format!("/admin/companies/{ACME}/people/{anna}/invitation");
    served.browse(kaisa, Method::POST, &path, None).await.done();
    let invitation = served.invitations.of(anna).unwrap();
    phone.sign_in_with(Some(&invitation)).await.done();
    secrets.extend([invitation, phone.device.clone().unwrap()]);
    secrets
}
