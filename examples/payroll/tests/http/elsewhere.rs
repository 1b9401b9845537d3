//! The program behind a proxy that speaks TLS, under a name of its own: what is there at home only is not there, and
//! cookies are bound to the host.

use pinlatch_testkit::PIN;
use serde_json::json;

use super::provider::{Key, Provider, back};
use super::served::Served;
use super::sign_in::leads_to;

const KEY: Key = Key(1, "one");
const ORIGIN: &str = "https://payroll.example.com";

async fn elsewhere(flags: &[&str]) -> (Provider, Served) {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[&["--origin", ORIGIN], flags].concat());
    (provider, served)
}

/// The attributes of a `Set-Cookie`, by the cookie's name.
fn attributes(answer: &super::served::Reply, name: &str) -> String {
    let set = answer.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    let found = set.filter(|set| set.starts_with(&format!("{name}="))).collect::<Vec<_>>();
    let [one] = found.as_slice() else { panic!("{name}: {found:?}") };
    one.split_once(';').unwrap().1.to_owned()
}

#[tokio::test]
async fn cookies_are_secure_and_bound_to_the_host() {
    let (provider, served) = elsewhere(&["--trusts-browsers"]).await;
    let phone = served.browser_before(ORIGIN);
    let begun = phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    let lax = "HttpOnly; SameSite=Lax; Secure; Path=/";
    assert_eq!(attributes(&begun, "__Host-flow"), format!(" {lax}; Max-Age=900"));
    let go = json!({ "method": "IdentityProviderAccount" });
    let address =
        phone.post("/sign-in/go", go).await.expect(200).json()["address"].as_str().unwrap().to_owned();
    assert_eq!(super::sign_in::parameter(&address, "redirect_uri"), format!("{ORIGIN}/sign-in/back"));
    provider.gives(&KEY.token(&provider.claims(&address)));
    let landed = phone.get(&back(&phone, &address)).await;
    assert_eq!(leads_to(&landed), "/");
    assert_eq!(attributes(&landed, "__Host-device"), format!(" {lax}; Max-Age=34560000"));
    let made = phone.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    assert_eq!(attributes(&made, "__Host-session"), " HttpOnly; SameSite=Strict; Secure; Path=/");
    assert!(phone.cookies.borrow().keys().all(|name| name.starts_with("__Host-")), "{:?}", phone.cookies);
    phone.get("/api/me").await.expect(200);
    assert!(made.header("strict-transport-security").unwrap().starts_with("max-age=63072000"));
    // Without the prefix any host of the domain could have set them: then they are none.
    let tossed = served.browser_before(ORIGIN);
    for (name, value) in phone.cookies.borrow().iter() {
        tossed.cookies.borrow_mut().insert(name.trim_start_matches("__Host-").to_owned(), value.clone());
    }
    tossed.get("/api/me").await.expect(401);
}

#[tokio::test]
async fn a_browser_is_no_unmodified_device_unless_somebody_says_so() {
    let (provider, served) = elsewhere(&[]).await;
    let phone = served.browser_before(ORIGIN);
    let refused = phone.post("/api/sign-in/begin", json!({})).await;
    // R03, D21: what is not known to be unmodified raises nothing.
    assert!(
        refused.status >= 400 || {
            let go = json!({ "method": "IdentityProviderAccount" });
            let gone = phone.post("/sign-in/go", go).await.expect(200);
            let address = gone.json()["address"].as_str().unwrap().to_owned();
            provider.gives(&KEY.token(&provider.claims(&address)));
            leads_to(&phone.get(&back(&phone, &address)).await) != "/"
        }
    );
    assert!(!phone.cookies.borrow().contains_key("__Host-device"));
}

#[tokio::test]
async fn what_is_there_at_home_only_is_not_there() {
    let (_provider, served) = elsewhere(&["--trusts-browsers"]).await;
    let phone = served.browser_before(ORIGIN);
    for path in
        ["/letters", "/hood", "/hood/events?person=00000000-0000-0000-0000-000000000001", "/reachable"]
    {
        phone.get(path).await.expect(404);
    }
    for path in ["/around/rooted", "/around/lose-reply"] {
        phone.post(path, json!({ "rooted": true })).await.expect(404);
    }
    phone.get("/invitation/00000000000000000000000000000000").await.expect(404);
    // The cookies of what is played are nothing here.
    phone.cookies.borrow_mut().insert("__Host-lose-reply".to_owned(), "1".to_owned());
    phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    for name in ["a", "b", "bank"] {
        let there = served.browser_before(&format!("https://{name}.payroll.example.com"));
        there.get("/").await.expect(421);
        there.get("/.well-known/openid-configuration").await.expect(421);
    }
    let office = served.browser_before("https://office.payroll.example.com");
    office.get("/sign-in").await.expect(200);
    let page = phone.get("/").await.expect(200).text;
    for played in ["rooted", "lose-reply", "to-stage", "letters"] {
        assert!(!page.contains(&format!("id=\"{played}\"")), "{played}");
    }
    let policy = phone.get("/").await;
    assert!(policy.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"));
}

#[tokio::test]
async fn a_provider_of_ones_own_puts_the_test_bank_away_at_home_too() {
    let provider = Provider::start(KEY).await;
    let served = provider.served(&[]);
    let bank = served.browser("bank");
    for path in ["/authorize", "/keys", "/.well-known/openid-configuration"] {
        bank.get(path).await.expect(421);
    }
    served.browser("").get("/").await.expect(200);
}

#[tokio::test]
async fn names_that_are_none_of_ours_lead_nowhere() {
    let served = Served::start();
    let port = served.port;
    let names = [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("payroll.localhost.evil.example:{port}"),
        format!("e.payroll.localhost:{port}"),
        format!("a.a.payroll.localhost:{port}"),
        format!("xpayroll.localhost:{port}"),
        "payroll.localhost".to_owned(),
        "payroll.localhost:1".to_owned(),
        format!("127.0.0.1:{port}"),
        "localhost".to_owned(),
        String::new(),
    ];
    for name in names {
        let answer = asked_as(port, &name).await;
        assert_eq!(answer, 421, "{name:?}");
    }
    let places = [format!("a.payroll.localhost:{port}"), format!("localhost:{port}")];
    for name in places {
        assert_eq!(asked_as(port, &name).await, 200, "{name:?}");
    }
}

/// The status of the answer to a request that names this host, as a page of a rebound name would send it.
async fn asked_as(port: u16, name: &str) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut connection = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let request = format!("GET / HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer:?}"))
}
