//! A browser by hand: one place, one cookie jar, no redirects followed.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use pinlatch_testkit::PIN;
use reqwest::header::{self, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use url::{Host, Url};

use super::PATIENCE;

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The code of a refusal, or `done`.
    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or(if self.status < 400 { "done" } else { "no code" }).to_owned()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{self:?}");
        self
    }

    /// Done: any of 200 to 299.
    #[track_caller]
    pub(crate) fn done(self) -> Self {
        assert!((200..300).contains(&self.status), "{self:?}");
        self
    }

    #[track_caller]
    pub(crate) fn refused(self, code: &str) -> Self {
        assert_eq!(self.code(), code, "{self:?}");
        // Whoever reads it finds the same in all of them, a next step among it.
        let said = self.json();
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        assert_eq!((&said["title"], &said["status"]), (&json!(code), &json!(self.status)), "{self:?}");
        assert!(said["kind"].is_string() && said["next"]["step"].is_string(), "{self:?}");
        self
    }
}

/// What all of them send by: built once, since that reads the system's certificates. A browser asks again where a connection
/// that it kept has ended meanwhile; this one keeps none.
fn client() -> &'static Client {
    static CLIENT: LazyLock<Client> = LazyLock::new(|| {
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = Client::builder().redirect(Policy::none()).timeout(PATIENCE).no_proxy();
        client.pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

/// A browser of its own at one place.
pub(crate) struct Browser {
    port: u16,
    /// What stands in its address bar.
    origin: String,
    pub(crate) cookies: RefCell<BTreeMap<String, String>>,
}

impl Browser {
    pub(super) fn at(port: u16, place: &str) -> Self {
        let dot = if place.is_empty() { "" } else { "." };
        Self::before(port, &format!("http://{place}{dot}payroll.localhost:{port}"))
    }

    /// At an origin that leads to this port.
    pub(super) fn before(port: u16, origin: &str) -> Self {
        Self { port, origin: origin.to_owned(), cookies: RefCell::default() }
    }

    /// From now on at another host, which has the same name and another port, with the same cookies.
    pub(crate) fn move_to(&mut self, port: u16) {
        let mut origin = Url::parse(&self.origin).unwrap();
        origin.set_port(Some(port)).unwrap();
        self.origin = origin.origin().ascii_serialization();
        self.port = port;
    }

    pub(crate) fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Names are given by `Host`, so that no resolver is asked and no TLS is spoken here.
    fn addressed(&self, method: Method, path: &str) -> RequestBuilder {
        let absolute = if path.starts_with('/') { format!("{}{path}", self.origin) } else { path.to_owned() };
        let mut address = Url::parse(&absolute).unwrap();
        let name = address.host_str().unwrap().to_owned();
        let host = address.port().map_or_else(|| name.clone(), |port| format!("{name}:{port}"));
        if matches!(address.host(), Some(Host::Domain(_))) {
            address.set_scheme("http").unwrap();
            address.set_host(Some("127.0.0.1")).unwrap();
            address.set_port(Some(self.port)).unwrap();
        }
        client().request(method, address).header(header::HOST, host)
    }

    /// A request as a browser makes it: the cookies, and the origin if it writes.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let writes = method != Method::GET;
        let request = self.bare(method, path);
        if !writes {
            return request;
        }
        request.header(header::ORIGIN, &self.origin).header("sec-fetch-site", "same-origin")
    }

    /// The same, without a word by which page it is sent.
    pub(crate) fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.addressed(method, path);
        let cookies: Vec<_> =
            self.cookies.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if cookies.is_empty() { request } else { request.header(header::COOKIE, cookies.join("; ")) }
    }

    /// Sends a request, and keeps or forgets the cookies that its answer sets.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Reply {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        for set in headers.get_all(header::SET_COOKIE) {
            self.keep(set.to_str().unwrap());
        }
        Reply { status, headers, text: response.text().await.unwrap() }
    }

    fn keep(&self, set: &str) {
        let (pair, attributes) = set.split_once(';').unwrap_or((set, ""));
        let (name, value) = pair.split_once('=').unwrap();
        let is_gone = value.is_empty() || attributes.to_lowercase().contains("max-age=0");
        let mut cookies = self.cookies.borrow_mut();
        if is_gone {
            cookies.remove(name);
        } else {
            cookies.insert(name.to_owned(), value.to_owned());
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    /// As a form of a page sends it.
    pub(crate) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.send(self.request(Method::POST, path).form(fields)).await
    }

    /// Begins to sign in on a phone by a method; the provider's address.
    pub(crate) async fn leave(&self, method: &str) -> String {
        self.post("/api/sign-in/begin", json!({})).await.expect(200);
        let gone = self.post("/sign-in/go", json!({ "method": method })).await.expect(200);
        gone.json()["address"].as_str().unwrap_or_else(|| panic!("no address: {gone:?}")).to_owned()
    }

    /// What the test bank sends whoever says to be `subject` back to.
    pub(crate) async fn believed(&self, address: &str, subject: &str) -> String {
        self.answered(address, ("subject", subject)).await
    }

    /// What the test bank sends whoever gives up back to.
    pub(crate) async fn gives_up(&self, address: &str) -> String {
        self.answered(address, ("cancel", "yes")).await
    }

    async fn answered(&self, address: &str, (name, value): (&str, &str)) -> String {
        let bank = Self::at(self.port, "bank");
        let page = bank.get(address).await.expect(200);
        let mut fields = hidden_fields(&page.text);
        fields.push((name.to_owned(), value.to_owned()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = bank.form("/authorize", &fields).await;
        answer.header("location").unwrap_or_else(|| panic!("nowhere to: {answer:?}")).to_owned()
    }

    /// Signs in on a phone by bank credentials, through the test bank; where that ends.
    pub(crate) async fn sign_in(&self, subject: &str) -> Reply {
        let address = self.leave("BankCredentials").await;
        let back = self.believed(&address, subject).await;
        self.get(&back).await
    }

    /// A phone with somebody signed in, and a PIN.
    pub(crate) async fn open(&self, subject: &str) {
        self.sign_in(subject).await.expect(303);
        self.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    }
}

/// The hidden fields of a page's form.
pub(crate) fn hidden_fields(page: &str) -> Vec<(String, String)> {
    let value = |line: &str, name: &str| {
        let start = line.find(&format!("{name}=\""))? + name.len() + 2;
        let end = line[start..].find('"')?;
        Some(line[start..start + end].replace("&amp;", "&").replace("&#38;", "&").replace("&#x2F;", "/"))
    };
    page.lines()
        .filter(|line| line.contains("type=\"hidden\""))
        .filter_map(|line| Some((value(line, " name")?, value(line, " value")?)))
        .collect()
}
