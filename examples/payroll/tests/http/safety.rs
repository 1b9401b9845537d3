//! Forged requests, cookies, limits.

use reqwest::Method;
use serde_json::json;

use super::served::{AINO, Browser, PATIENCE, Reply, Served, id};
use super::sign_in::leads_to;

/// A writing request with these headers in place of those that a browser of the place sends.
async fn sent(browser: &Browser, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let request = browser.bare(method, path).json(&json!({}));
    browser.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
}

#[tokio::test]
async fn what_another_page_sends_is_refused_whatever_it_says() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    let (own, other, stage, evil) =
        (served.origin("a"), served.origin("b"), served.origin(""), "https://evil.example");
    let forged: [&[(&str, &str)]; 10] = [
        &[],
        &[("origin", evil)],
        &[("origin", "null")],
        &[("origin", &other)],
        &[("origin", &stage)],
        &[("origin", evil), ("sec-fetch-site", "cross-site")],
        &[("origin", &other), ("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", &own), ("sec-fetch-site", "cross-site")],
    ];
    for headers in forged {
        for path in ["/api/lock", "/api/log-out-everywhere", "/sign-in/go", "/language", "/around/rooted"] {
            let refused = sent(&phone, Method::POST, path, headers).await;
            let refused = refused.expect(403).refused("CrossOrigin");
            assert_eq!(refused.header("content-type"), Some("application/problem+json"));
            assert!(refused.headers.get("set-cookie").is_none(), "{refused:?}");
        }
        sent(&phone, Method::DELETE, "/api/biometrics/Face", headers).await.expect(403);
    }
    let finnish = [("origin", evil), ("accept-language", "fi")];
    let said = sent(&phone, Method::POST, "/api/lock", &finnish).await.expect(403).json();
    assert_eq!(said["detail"], "Tämän lähetti toinen sivu. Avaa oma sivusi uudelleen ja yritä siltä.");
    // Nothing of it was done, and the phone's own page does it.
    phone.get("/api/me").await.expect(200);
    phone.post("/api/lock", json!({})).await.done();
}

#[tokio::test]
async fn what_another_page_sends_to_the_browser_version_is_refused() {
    let served = Served::start();
    let office = served.browser("office");
    super::office_sign_in::sign_in(&office, "kaisa").await.expect(303);
    let company = "00000000-0000-0000-0000-000000000001";
    let aino = "00000000-0000-0000-0000-000000000001";
    let paths = [
        "/sign-out".to_owned(),
        "/language".to_owned(),
        format!("/api/companies/{company}/people/{aino}/log-out-everywhere"),
    ];
    for path in &paths {
        for headers in [&[][..], &[("origin", "https://evil.example")], &[("origin", &served.origin("a"))]] {
            sent(&office, Method::POST, path, headers).await.expect(403).refused("CrossOrigin");
        }
    }
    office.get("/").await.expect(200);
}

#[tokio::test]
async fn a_form_is_no_json() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    // What a form of another page could send without asking first.
    for kind in ["application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x"] {
        for path in ["/api/unlock", "/api/pin", "/api/sign-in/begin", "/sign-in/go"] {
            let request = phone.request(Method::POST, path).header("content-type", kind);
            let refused = phone.send(request.body(r#"{"pin":"284917"}"#)).await;
            refused.expect(415).refused("BodyNotJson");
        }
        for path in ["/language", "/around/rooted"] {
            let request = phone.request(Method::POST, path).header("content-type", kind);
            phone.send(request.body(r#"{"language":"fi"}"#)).await.expect(415);
        }
    }
}

#[tokio::test]
async fn each_place_has_cookies_of_its_own_that_no_script_reads() {
    let served = Served::start();
    let phone = served.browser("a");
    let mut set = cookies_of(&phone.post("/api/sign-in/begin", json!({})).await);
    set.extend(cookies_of(&phone.sign_in("kaisa").await));
    let pin = pinlatch_testkit::PIN;
    set.extend(cookies_of(&phone.post("/api/pin", json!({ "pin": pin, "confirmation": pin })).await));
    set.extend(cookies_of(&phone.post("/language", json!({ "language": "fi" })).await));
    set.extend(cookies_of(&phone.post("/around/rooted", json!({ "rooted": true })).await));
    set.extend(cookies_of(&phone.post("/around/lose-reply", json!({})).await));
    let office = served.browser("office");
    set.extend(cookies_of(&office.form("/sign-in/go", &[]).await));
    set.extend(cookies_of(&super::office_sign_in::sign_in(&office, "kaisa").await));
    let names = ["flow", "device", "session", "language", "rooted", "lose-reply", "office"];
    for name in names {
        assert!(set.iter().any(|cookie| cookie.starts_with(&format!("{name}="))), "{name}: {set:?}");
    }
    for cookie in &set {
        let attributes: Vec<&str> = cookie.split("; ").skip(1).collect();
        assert!(attributes.contains(&"HttpOnly") && attributes.contains(&"Path=/"), "{cookie}");
        // No `Domain`: another place never gets it. No TLS here: a browser would not keep it.
        assert!(!cookie.to_lowercase().contains("domain=") && !attributes.contains(&"Secure"), "{cookie}");
        let is_strict = ["session=", "rooted=", "lose-reply="].iter().any(|name| cookie.starts_with(name));
        let site = if is_strict { "SameSite=Strict" } else { "SameSite=Lax" };
        assert!(attributes.contains(&site), "{cookie}");
    }
}

fn cookies_of(answer: &Reply) -> Vec<String> {
    answer.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_answer_has_a_strict_policy() {
    let served = Served::start();
    let pages = [
        ("", "/"),
        ("", "/hood"),
        ("", "/letters"),
        ("a", "/"),
        ("a", "/finger"),
        ("a", "/nowhere"),
        ("office", "/sign-in"),
        ("bank", "/authorize"),
    ];
    for (place, path) in pages {
        let page = served.browser(place).get(path).await;
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"), "{policy}");
        assert!(
            !policy.contains("unsafe") && !policy.contains('*') && policy.contains("base-uri 'none'"),
            "{policy}"
        );
        assert!(policy.contains("frame-ancestors") && policy.contains("form-action"), "{policy}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{place}{path}");
        assert_eq!(page.header("cache-control"), Some("no-store"), "{place}{path}");
        let text = page.text.to_lowercase();
        // The door and the stage lead to scripts of files: what is within the page would not run.
        let inline =
            text.split("<script").skip(1).any(|script| !script.split('>').next().unwrap().contains("src="));
        let handlers =
            [" onclick=", " onload=", " onsubmit=", " style=", "<style"].iter().any(|it| text.contains(it));
        assert!(!inline && !handlers, "{place}{path}");
    }
}

#[tokio::test]
async fn who_writes_too_often_waits_and_reads_meanwhile() {
    let served = Served::with(&["--requests-a-second", "1"], None);
    let phone = served.browser("a");
    // Five seconds' worth at once.
    for _ in 0..5 {
        phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    }
    let refused = refused_by_limit(&phone, &[]).await;
    assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(refused.json()["status"], 429);
    for _ in 0..20 {
        phone.get("/").await.expect(200);
        phone.get("/here").await.expect(200);
    }
    // Another address's header is no other address.
    refused_by_limit(&phone, &[("x-forwarded-for", "203.0.113.7"), ("forwarded", "for=203.0.113.7")]).await;
    let finnish = refused_by_limit(&phone, &[("accept-language", "fi")]).await;
    assert_eq!(finnish.json()["detail"], "Liian monta pyyntöä. Yritä hetken kuluttua uudelleen.");
    assert_eq!(refused.json()["detail"], "Too many requests. Try again in a moment.");
}

/// A refusal of one that writes at once for some time: each second lets one request pass.
async fn refused_by_limit(phone: &Browser, headers: &[(&str, &str)]) -> Reply {
    for _ in 0..10 {
        let request = phone.request(Method::POST, "/api/sign-in/begin").json(&json!({}));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = phone.send(request).await;
        if answer.status == 429 {
            return answer.refused("TooManyRequests");
        }
        answer.expect(200);
    }
    panic!("there is no limit");
}

#[tokio::test]
async fn behind_a_proxy_the_address_that_it_appended_counts() {
    let flags = ["--requests-a-second", "1", "--address-source", "RightmostXForwardedFor"];
    let served = Served::with(&flags, None);
    let phone = served.browser("a");
    let one = [("x-forwarded-for", "198.51.100.1, 203.0.113.7")];
    refused_by_limit_at_once(&phone, &one).await;
    // What the client wrote itself stands before what the proxy appended.
    refused_by_limit(&phone, &[("x-forwarded-for", "192.0.2.55, 203.0.113.7")]).await;
    let other = phone.request(Method::POST, "/api/sign-in/begin").json(&json!({}));
    phone.send(other.header("x-forwarded-for", "203.0.113.7, 198.51.100.1")).await.expect(200);
    // One network of IPv6 is one address.
    refused_by_limit_at_once(&phone, &[("x-forwarded-for", "2001:db8:1:2::1")]).await;
    refused_by_limit(&phone, &[("x-forwarded-for", "2001:db8:1:2:ffff::9")]).await;
    // Who comes past the proxy is limited by the connection's address.
    refused_by_limit_at_once(&phone, &[]).await;
}

#[tokio::test]
async fn the_audit_trail_names_the_address_that_the_proxy_appended() {
    let served = Served::with(&["--address-source", "RightmostXForwardedFor"], None);
    let stream = served.browser("").request(Method::GET, &format!("/hood/events?person={}", id(AINO)));
    let mut stream = stream.send().await.unwrap();
    let phone = served.browser("a");
    let left = phone.leave("BankCredentials").await;
    let back = phone.believed(&left, "aino").await;
    let back = phone.request(Method::GET, &back).header("x-forwarded-for", "192.0.2.55, 203.0.113.7");
    phone.send(back).await.expect(303);
    let mut told = String::new();
    while !told.contains("203.0.113.7") {
        let chunk = tokio::time::timeout(PATIENCE, stream.chunk()).await.expect("no address in the trail");
        told.push_str(std::str::from_utf8(&chunk.unwrap().expect("no address in the trail")).unwrap());
    }
    assert!(!told.contains("192.0.2.55"), "{told}");
}

#[tokio::test]
async fn r26_whoever_shares_an_address_with_somebody_who_floods_still_locks_and_logs_out() {
    let served = Served::with(&["--requests-a-second", "2"], None);
    let phone = served.browser("a");
    phone.open("aino").await;
    let flood = served.browser("b");
    loop {
        let answer = flood.send(flood.request(Method::POST, "/api/sign-in/begin").json(&json!({}))).await;
        if answer.status == 429 {
            break;
        }
    }
    phone.post("/api/lock", json!({})).await.done();
    phone.post("/api/log-out", json!({})).await.done();
}

async fn refused_by_limit_at_once(phone: &Browser, headers: &[(&str, &str)]) {
    for _ in 0..5 {
        let request = phone.request(Method::POST, "/api/sign-in/begin").json(&json!({}));
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        phone.send(request).await.expect(200);
    }
    refused_by_limit(phone, headers).await;
}

#[tokio::test]
async fn a_language_leads_back_to_a_path_of_ours_only() {
    let served = Served::start();
    let office = served.browser("office");
    for (back, leads) in [
        ("/", "/"),
        ("/companies/1", "/companies/1"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("/\r\nset-cookie: a=b", "/"),
        ("", "/"),
    ] {
        let answer = office.form("/language", &[("language", "fi"), ("back", back)]).await;
        assert_eq!(leads_to(&answer), leads, "{back:?}");
    }
}
