//! The pages of each place as they are sent: their policy, their source, their words and their static files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pinlatch::people::{AuthenticationMethod, Function};
use pinlatch::session::SessionState;
use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::{Method, header};
use serde_json::json;

use super::served::{Browser, Reply, Served};

/// A page of each kind, and who may show it in a frame.
async fn pages(served: &Served) -> Vec<(&'static str, String, Reply)> {
    let (stage, nobody) = (served.origin(""), "'none'".to_owned());
    let phone = served.browser("a");
    let bank = phone.leave("BankCredentials").await;
    let asked = [
        ("", format!("http://localhost:{}/", served.port), nobody.clone()),
        ("", "/".to_owned(), nobody.clone()),
        ("", "/letters".to_owned(), nobody.clone()),
        ("", "/hood".to_owned(), nobody.clone()),
        ("a", "/".to_owned(), stage.clone()),
        ("a", "/?problem=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(), stage.clone()),
        ("a", "/finger".to_owned(), stage.clone()),
        ("office", "/sign-in".to_owned(), nobody),
        ("bank", bank, stage.clone()),
        ("bank", "/authorize?client_id=another".to_owned(), stage),
    ];
    let mut pages = Vec::new();
    for (place, path, framed_by) in asked {
        let page = served.browser(place).get(&path).await;
        assert!(
            page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")),
            "{place}{path}"
        );
        pages.push((place, framed_by, page));
    }
    pages
}

#[tokio::test]
async fn every_page_has_a_policy_that_lets_nothing_inline_run_and_says_who_may_frame_it() {
    let served = Served::start();
    for (place, framed_by, page) in pages(&served).await {
        let policy = page.header("content-security-policy").unwrap();
        let directives: BTreeMap<&str, &str> =
            policy.split(';').map(|directive| directive.trim().split_once(' ').unwrap()).collect();
        assert_eq!(directives["default-src"], "'none'", "{place}");
        for own in ["script-src", "style-src", "img-src"] {
            assert_eq!(directives[own], "'self'", "{place}");
        }
        assert_eq!(directives["base-uri"], "'none'", "{place}");
        assert_eq!(directives["frame-ancestors"], framed_by, "{place}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(page.header(name), Some(value), "{place}");
        }
    }
}

/// Every tag of a page, from `<` to `>`.
fn tags(page: &str) -> impl Iterator<Item = &str> {
    page.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default())
}

#[tokio::test]
async fn no_page_has_a_script_a_style_or_a_handler_in_its_source() {
    let served = Served::start();
    for (place, _, page) in pages(&served).await {
        for tag in tags(&page.text) {
            let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
            assert!(name != "style" && name != "base", "{place}: {tag}");
            assert!(name != "script" || attributes.contains("src=\"/static/"), "{place}: {tag}");
            let is_inline = |attribute: &str| attribute.starts_with("on") || attribute == "style";
            let names = attributes.split_whitespace().filter_map(|word| Some(word.split_once('=')?.0));
            assert_eq!(names.filter(|name| is_inline(name)).count(), 0, "{place}: {tag}");
            assert!(!attributes.contains("javascript:"), "{place}: {tag}");
        }
        assert!(!page.text.contains("alert(1)"), "{place}: an address's text is shown");
        let after_scripts = page.text.split("<script").skip(1).filter_map(|rest| rest.split('>').nth(1));
        assert!(after_scripts.into_iter().all(|text| text == "</script"), "{place}: a script has a text");
    }
}

#[tokio::test]
async fn no_token_and_no_pin_is_in_a_page_an_answer_or_the_log() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    let mut secrets: Vec<String> = phone.cookies.borrow().values().cloned().collect();
    phone.open("aino").await;
    phone.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
    secrets.extend(phone.cookies.borrow().values().cloned());
    assert_eq!(secrets.len(), 3, "flow, device and session");
    assert!(secrets.iter().all(|secret| secret.len() >= 22), "{secrets:?}");
    secrets.extend([PIN, WRONG_PIN].map(ToOwned::to_owned));
    let stage = served.browser("");
    let mut shown = vec![served.log()];
    for path in ["/", "/finger", "/api/device", "/api/me", "/api/devices", "/here"] {
        shown.push(phone.get(path).await.expect(200).text);
    }
    for path in ["/", "/letters", "/hood"] {
        shown.push(stage.get(path).await.expect(200).text);
    }
    for secret in secrets {
        assert!(shown.iter().all(|text| !text.contains(&secret)), "a secret is shown");
    }
}

/// What the phone's script says by itself, by name.
async fn words(phone: &Browser, language: &str) -> BTreeMap<String, String> {
    let page = phone.request(Method::GET, "/").header(header::ACCEPT_LANGUAGE, language);
    let page = phone.send(page).await.expect(200).text;
    assert!(page.contains(&format!("<html lang=\"{language}\">")));
    let lines = page.split("<p data-word=\"").skip(1);
    let word = |line: &str| {
        let (name, rest) = line.split_once("\">").unwrap();
        (name.to_owned(), rest.split("</p>").next().unwrap().to_owned())
    };
    lines.map(word).collect()
}

fn static_files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("static");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files.collect()
}

#[tokio::test]
async fn every_word_of_the_phones_scripts_is_there_in_both_languages() {
    let served = Served::start();
    let phone = served.browser("a");
    let (english, finnish) = (words(&phone, "en").await, words(&phone, "fi").await);
    assert_eq!(english.keys().collect::<Vec<_>>(), finnish.keys().collect::<Vec<_>>());
    for (name, text) in &english {
        assert!(!text.is_empty() && *text != finnish[name], "{name} is one in both");
        assert_eq!(text.contains("{n}"), finnish[name].contains("{n}"), "{name}");
    }
    let mut wanted: Vec<String> = Vec::new();
    for file in static_files().iter().filter(|file| file.extension().is_some_and(|kind| kind == "js")) {
        let script = std::fs::read_to_string(file).unwrap();
        let literal = |rest: &str| Some(rest.split_once('\'')?.0.to_owned());
        wanted.extend(script.split("word('").skip(1).filter_map(literal));
    }
    assert!(wanted.len() > 10, "the scripts are read");
    // What is looked up by a name that the server says.
    wanted.extend(SessionState::ALL.iter().map(ToString::to_string));
    wanted.extend(AuthenticationMethod::ALL.iter().map(|method| format!("{method:?}")));
    let ours = [Function::SalaryInformation, Function::WorkingHours, Function::TravelExpenseReports];
    wanted.extend(ours.iter().chain(&[Function::UsersAndRoles]).map(|function| format!("{function:?}")));
    wanted.extend(["Pin", "Face", "Fingerprint"].map(ToOwned::to_owned));
    for name in wanted {
        assert!(english.contains_key(&name), "{name} has no word");
    }
}

#[tokio::test]
async fn static_files_have_their_types_and_are_sent_again_only_after_a_change() {
    let served = Served::start();
    for place in ["", "a", "office", "bank"] {
        let browser = served.browser(place);
        for file in static_files() {
            let name = file.file_name().unwrap().to_str().unwrap();
            let path = format!("/static/{name}");
            let sent = browser.get(&path).await.expect(200);
            let kind = match name.rsplit_once('.').unwrap().1 {
                "js" => "text/javascript; charset=utf-8",
                "css" => "text/css; charset=utf-8",
                "svg" => "image/svg+xml",
                other => panic!("{other} is of no known type"),
            };
            assert_eq!(sent.header("content-type"), Some(kind), "{name}");
            assert_eq!(sent.header("cache-control"), Some("no-cache"), "{name}");
            assert_eq!(sent.header("x-content-type-options"), Some("nosniff"), "{name}");
            assert_eq!(sent.text, std::fs::read_to_string(&file).unwrap());
            let tag = sent.header("etag").unwrap();
            let again = browser.request(Method::GET, &path).header(header::IF_NONE_MATCH, tag);
            assert_eq!(browser.send(again).await.expect(304).text, "");
            let other = browser.request(Method::GET, &path).header(header::IF_NONE_MATCH, "\"another\"");
            browser.send(other).await.expect(200);
        }
        browser.get("/static/nothing.js").await.expect(404);
        browser.get("/static/..%2fCargo.toml").await.expect(404);
    }
}
