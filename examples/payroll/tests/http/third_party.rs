//! Against an OpenID provider that is not ours: `oidc-provider` of npm, run here by node, with its own pages.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use pinlatch_testkit::PIN;
use pinlatch_testkit::rig::free_port;
use reqwest::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::served::{Browser, Served, hidden_fields};
use super::sign_in::{leads_to, step};

const SECRET: &str = "a-secret-of-the-client-alone";
/// So many pages and redirects at most until one is back.
const STEPS: usize = 16;

/// The provider, which goes with this.
struct Provider {
    child: Child,
    port: u16,
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The folder with the provider and what it needs, installed as the lock file says, once for each lock file.
fn installed() -> &'static Path {
    static INSTALLED: OnceLock<PathBuf> = OnceLock::new();
    INSTALLED.get_or_init(|| {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oidc");
        let lock = std::fs::read(source.join("package-lock.json")).unwrap();
        let name: String = Sha256::digest(&lock).iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("oidc-{name}"));
        if !folder.exists() {
            let made = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
            for file in ["package.json", "package-lock.json"] {
                std::fs::copy(source.join(file), made.path().join(file)).unwrap();
            }
            let arguments = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"];
            let done = Command::new("npm").args(arguments).current_dir(made.path()).status().unwrap();
            assert!(done.success(), "npm {arguments:?}");
            // Another run that was first is as good.
            drop(std::fs::rename(made.path(), &folder));
        }
        std::fs::copy(source.join("provider.mjs"), folder.join("provider.mjs")).unwrap();
        folder
    })
}

/// Whether node and npm are here; a loud skip else, and under `PINLATCH_NO_SKIPS` a failure.
fn has_node() -> bool {
    let missing = ["node", "npm"].iter().find(|name| Command::new(name).arg("--version").output().is_err());
    if let Some(missing) = missing {
        assert!(std::env::var_os("PINLATCH_NO_SKIPS").is_none(), "{missing} is not there");
        eprintln!("SKIPPED: no {missing}, so nothing is shown of a provider that is not ours");
    }
    missing.is_none()
}

impl Provider {
    /// One on this port that sends people back to the first phone and to the browser version, with a new key.
    fn start(port: u16, algorithm: &str, served: &Served) -> Self {
        let back = |place| format!("{}/sign-in/back", served.origin(place));
        let mut child = Command::new("node")
            .args(["provider.mjs", &port.to_string(), algorithm, &back("a"), &back("office")])
            .current_dir(installed())
            .env("OIDC_CLIENT_SECRET", SECRET)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let provider = Self { child, port };
        assert_eq!(lines.next().expect("it listens").unwrap(), provider.issuer());
        std::thread::spawn(move || lines.count());
        provider
    }

    fn issuer(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Goes through its pages as somebody with this account; where it sends one back to.
    async fn sign_in(&self, served: &Served, address: &str, account: &str) -> String {
        let person = served.browser_before(&self.issuer());
        let mut answer = person.get(address).await;
        for _ in 0..STEPS {
            if let Some(next) = answer.header("location") {
                let next =
                    if next.starts_with('/') { format!("{}{next}", self.issuer()) } else { next.to_owned() };
                if !next.starts_with(&self.issuer()) {
                    return next;
                }
                answer = person.get(&next).await;
                continue;
            }
            let page = answer.expect(200).text;
            let mut fields = hidden_fields(&page);
            fields
                .extend([("login", account), ("password", "any")].map(|(n, v)| (n.to_owned(), v.to_owned())));
            let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            answer = person.form(between(&page, "action=\"", "\""), &fields).await;
        }
        panic!("{account} does not come back");
    }

    /// Goes there, and gives up.
    async fn gives_up(&self, served: &Served, address: &str) -> String {
        let person = served.browser_before(&self.issuer());
        let to_page = person.get(address).await;
        let page = person.get(to_page.header("location").unwrap()).await.expect(200).text;
        let cancel = format!("{}/abort", between(&page, "action=\"", "\""));
        let resumed = person.get(&cancel).await;
        let back = person.get(resumed.header("location").unwrap()).await;
        back.header("location").unwrap().to_owned()
    }
}

fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    page.split_once(start).and_then(|(_, rest)| rest.split_once(end)).unwrap().0
}

async fn leave(phone: &Browser) -> String {
    phone.leave("IdentityProviderAccount").await
}

#[tokio::test]
async fn the_story_with_a_provider_that_is_not_ours() {
    if !has_node() {
        return;
    }
    let port = free_port().unwrap();
    let issuer = format!("http://127.0.0.1:{port}");
    let subjects = [
        "aino@example=00000000-0000-0000-0000-000000000001",
        "kaisa@example=00000000-0000-0000-0000-000000000002",
    ];
    let flags =
        ["--issuer", &issuer, "--client-id", "payroll", "--subject", subjects[0], "--subject", subjects[1]];
    let served = Served::told(&flags, &[("OIDC_CLIENT_SECRET", SECRET)]);
    let phone = served.browser("a");

    // It is away, and the program goes on.
    phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    let go = json!({ "method": "IdentityProviderAccount" });
    phone.post("/sign-in/go", go).await.expect(503).refused("Unavailable");

    let first = Provider::start(port, "ES256", &served);
    let address = came_back(&phone).await;
    let back = first.sign_in(&served, &address, "aino@example").await;
    assert_eq!(leads_to(&phone.get(&back).await), "/");
    phone.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    phone.post("/api/lock", json!({})).await.done();
    phone.post("/api/unlock", json!({ "pin": PIN })).await.done();
    phone.get("/").await.expect(200);
    assert_eq!(phone.get("/api/me").await.json()["name"], "Aino Virtanen");
    phone.post("/api/log-out", json!({})).await.done();

    let back = first.sign_in(&served, &leave(&phone).await, "mallory@example").await;
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=AccountUnknown");
    let back = first.gives_up(&served, &leave(&phone).await).await;
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=SignInCancelled");

    let office = served.browser("office");
    let address = super::office_sign_in::leave(&office).await;
    let back = first.sign_in(&served, &address, "kaisa@example").await;
    assert_eq!(leads_to(&office.get(&back).await), "/");
    office.get("/").await.expect(200);

    // A code that it has forgotten, being started again with another key and another algorithm.
    let forgotten = first.sign_in(&served, &leave(&phone).await, "aino@example").await;
    drop(first);
    let second = Provider::start(port, "RS256", &served);
    assert_eq!(leads_to(&phone.get(&forgotten).await), "/?problem=AuthenticationFailed");
    let back = second.sign_in(&served, &leave(&phone).await, "aino@example").await;
    assert_eq!(leads_to(&phone.get(&back).await), "/");
    assert_eq!(step(&phone).await, "CreatePin");
    assert!(!served.log().contains(SECRET));
}

/// The way to a provider that was away a moment ago: it is asked again after a second.
async fn came_back(phone: &Browser) -> String {
    let begun = std::time::Instant::now();
    loop {
        let go =
            phone.request(Method::POST, "/sign-in/go").json(&json!({ "method": "IdentityProviderAccount" }));
        let gone = phone.send(go).await;
        if let Some(address) = gone.json()["address"].as_str() {
            return address.to_owned();
        }
        gone.refused("Unavailable");
        assert!(begun.elapsed() < super::served::PATIENCE, "it stays away");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}
