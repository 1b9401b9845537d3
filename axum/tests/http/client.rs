//! A phone and a browser, by reqwest.

use std::sync::LazyLock;

use pinlatch::id::PersonId;
use pinlatch_testkit::PIN;
use reqwest::redirect::Policy;
use reqwest::{Client, Method, header};
use serde_json::{Value, json};

use super::served::Served;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: Value,
}

impl Reply {
    pub(crate) fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or("done")
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.body[name].as_str().unwrap_or_else(|| panic!("no {name} in {self:?}")).to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Done, whatever was sent.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert!(matches!(self.status, 200 | 204), "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, code: &str) -> Self {
        assert_eq!(self.code(), code, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        self
    }
}

/// The foreign client. It keeps no connection, so nothing of one request is carried into the next.
///
/// It speaks no TLS here. Tested together with a package whose client does, it wants to be told which cryptography, and
/// reads the system's certificates when it is built: so it is told always, and built once.
pub(crate) fn foreign_client() -> &'static Client {
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        drop(rustls::crypto::ring::default_provider().install_default());
        Client::builder().redirect(Policy::none()).pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

pub(crate) async fn send(
    served: &Served,
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Reply {
    let mut request = foreign_client().request(method.clone(), format!("http://{}{path}", served.address));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = if let Some(body) = body { request.json(body) } else { request };
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.bytes().await.unwrap();
    let body = if bytes.is_empty() { Value::Null } else { serde_json::from_slice(&bytes).unwrap() };
    let reply = Reply { status, headers, body };
    super::schema::hold(&method, path, &reply);
    reply
}

/// A phone in somebody's hand.
pub(crate) struct Phone<'s> {
    pub(crate) served: &'s Served,
    pub(crate) owner: PersonId,
    pub(crate) device: Option<String>,
    pub(crate) session: Option<String>,
    pub(crate) id: String,
    /// Sent along with every request.
    pub(crate) extra: Vec<(&'static str, String)>,
}

impl Served {
    pub(crate) fn phone(&self, owner: PersonId) -> Phone<'_> {
        Phone { served: self, owner, device: None, session: None, id: String::new(), extra: Vec::new() }
    }

    pub(crate) async fn open_phone(&self, owner: PersonId) -> Phone<'_> {
        let mut phone = self.phone(owner);
        phone.sign_in().await.done();
        phone.create_pin(PIN).await.done();
        phone
    }

    /// In the browser, signed in as that person.
    pub(crate) async fn browse(
        &self,
        by: PersonId,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Reply {
        let by = by.to_string();
        send(self, method, path, &[("pinlatch-test-person", &by)], body.as_ref()).await
    }
}

impl Phone<'_> {
    pub(crate) async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Reply {
        let bearer = self.session.as_ref().map(|session| format!("Bearer {session}"));
        let mut headers: Vec<(&str, &str)> = Vec::new();
        headers.extend(self.device.as_deref().map(|device| ("pinlatch-device", device)));
        headers.extend(bearer.as_deref().map(|bearer| ("authorization", bearer)));
        headers.extend(self.extra.iter().map(|(name, value)| (*name, value.as_str())));
        send(self.served, method, &format!("/app{path}"), &headers, body.as_ref()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn touch(&self, path: &str) -> Reply {
        self.send(Method::POST, path, None).await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn sign_in(&mut self) -> Reply {
        self.sign_in_with(None).await
    }

    pub(crate) async fn sign_in_with(&mut self, invitation: Option<&str>) -> Reply {
        let begin = invitation.map_or(json!({}), |text| json!({ "invitation": text }));
        let begun = self.post("/sign-in/begin", begin).await;
        if begun.status != 200 {
            return begun;
        }
        let reply = self.post("/sign-in", self.proof(&begun.text("flow"), invitation)).await;
        self.keep(&reply);
        reply
    }

    pub(crate) fn proof(&self, flow: &str, invitation: Option<&str>) -> Value {
        let evidence = json!({ "person": self.owner.to_string(), "method": "BankCredentials" });
        let mut body = json!({ "flow": flow, "evidence": evidence, "label": "a phone" });
        if let Some(text) = invitation {
            body["invitation"] = json!(text);
            body["evidence"]["method"] = json!("IdentityProviderAccount");
        }
        body
    }

    /// Keeps the tokens of an answer, as an app does.
    pub(crate) fn keep(&mut self, reply: &Reply) {
        if let Some(token) = reply.body["token"].as_str() {
            self.device = Some(token.to_owned());
            self.id = reply.text("device");
        }
        if let Some(session) = reply.body["session"].as_str() {
            self.session = Some(session.to_owned());
        }
    }

    pub(crate) async fn create_pin(&mut self, pin: &str) -> Reply {
        let reply = self.post("/pin", json!({ "pin": pin, "confirmation": pin })).await;
        self.keep(&reply);
        reply
    }

    pub(crate) async fn unlock(&mut self, pin: &str) -> Reply {
        let reply = self.post("/unlock", json!({ "pin": pin })).await;
        self.keep(&reply);
        reply
    }

    pub(crate) async fn lock(&self) -> Reply {
        self.touch("/lock").await
    }

    pub(crate) async fn next(&self) -> String {
        self.get("/device").await.done().body["next"]["step"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn is_open(&self) -> bool {
        self.get("/session").await.status == 200
    }
}
