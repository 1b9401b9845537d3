//! The forms of "Users and roles": what is wrong is said, what another page sends is refused, and no secret is told.

use std::time::Duration;

use pinlatch_testkit::PIN;
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::served::{AINO, Browser, HALLA, KAISA, KUURA, MAREK, PEKKA, Served, account, id, person, today};

pub(super) fn somebody() -> Value {
    json!({
        "name": "Liisa Mäki", "telephone": "+358 40 111 2233", "birth_date": "1999-02-03", "subject": "liisa",
        "joins_as": "Employee", "first_day": today(), "services": ["Salaries"],
    })
}

#[tokio::test]
async fn what_is_wrong_with_a_newcomer_is_said_and_nobody_is_added() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let path = format!("/api/companies/{}/people", id(KUURA));
    let wrong = [
        ("name", json!(""), "NameNotUsable", "This name cannot be used."),
        ("name", json!("\u{202e}Liisa"), "NameNotUsable", "This name cannot be used."),
        ("telephone", json!("liisa"), "TelephoneNotUsable", "Enter it with its country code."),
        ("telephone", json!("12"), "TelephoneNotUsable", "Enter it with its country code."),
        ("birth_date", json!("2999-01-01"), "BirthDateNotUsable", "This birth date cannot be used."),
        ("birth_date", json!("0099-01-01"), "BirthDateNotUsable", "This birth date cannot be used."),
        ("birth_date", json!("19991-02-03"), "BirthDateNotUsable", "This birth date cannot be used."),
        ("birth_date", Value::Null, "BirthDateNotUsable", "This birth date cannot be used."),
        ("first_day", json!("0026-11-27"), "FirstDayNotUsable", "This first day cannot be used."),
        ("first_day", json!("20261-11-27"), "FirstDayNotUsable", "This first day cannot be used."),
        ("first_day", Value::Null, "FirstDayNotUsable", "This first day cannot be used."),
        ("subject", json!(""), "SubjectNotUsable", "Check it."),
        ("subject", json!("a b"), "SubjectNotUsable", "Check it."),
        ("subject", json!("aino"), "SubjectTaken", "ask whoever runs this service"),
        ("joins_as", Value::Null, "NothingChosen", "as an employee or as a user"),
    ];
    for (field, value, code, words) in wrong {
        let mut body = somebody();
        if value.is_null() {
            body.as_object_mut().unwrap().remove(field);
        } else {
            body[field] = value.clone();
        }
        let refused = kaisa.post(&path, body).await.expect(422).refused(code).json();
        let detail = refused["detail"].as_str().unwrap();
        assert!(detail.contains(words), "{field} {value}: {detail}");
        assert_eq!(refused["kind"], "FixInput", "{field} {value}");
    }
    assert!(!kaisa.get("/").await.text.contains("Liisa"), "nobody was added");

    let added = kaisa.post(&path, somebody()).await.expect(201);
    let page = kaisa.get(added.header("location").unwrap()).await.expect(200).text;
    assert!(page.contains("Liisa Mäki") && page.contains("Salaries: selected"), "{page}");
    kaisa.post(&path, somebody()).await.expect(422).refused("SubjectTaken");
}

#[tokio::test]
async fn r01_r02_a_newcomer_with_finnish_bank_credentials_needs_no_letter() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let path = format!("/api/companies/{}/people", id(KUURA));
    let with = |subject: &str, credentials: Value| {
        let mut body = somebody();
        body["subject"] = json!(subject);
        body["credentials"] = credentials;
        body
    };
    kaisa.post(&path, with("liisa", json!(["Bank"]))).await.expect(201);
    kaisa.post(&path, with("pham", json!([]))).await.expect(201);
    kaisa.post(&path, with("other", json!(["Passport"]))).await.expect(400).refused("BodyMalformed");
    let phone = served.browser("a");
    phone.open("liisa").await;
    let foreign = served.browser("b").sign_in_by_account("pham").await;
    assert_eq!(foreign.header("location"), Some("/?problem=InvitationRequired"));
}

#[tokio::test]
async fn every_form_says_what_is_wrong_in_the_language_of_the_page() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let aino = account(KUURA, AINO);
    let backwards = json!({ "first_day": "2026-02-02", "last_day": "2026-02-01" });
    let employed = json!({ "first_day": "2026-02-02", "last_day": "2026-02-01", "services": [] });
    let finnish = |request: RequestBuilder| kaisa.send(request.header("accept-language", "fi"));
    for (request, code, english, in_finnish) in [
        (
            json_of(&kaisa, Method::PUT, &aino, "/access", &backwards),
            "DateNotUsable",
            "This date cannot be used. Check it.",
            "Päivämäärää ei voi käyttää. Tarkista se.",
        ),
        (
            json_of(&kaisa, Method::POST, &aino, "/employments", &employed),
            "DateNotUsable",
            "This date cannot be used. Check it.",
            "Päivämäärää ei voi käyttää. Tarkista se.",
        ),
        (
            json_of(&kaisa, Method::POST, &aino, "/access/end", &json!({ "last_day": today() })),
            "NotAUser",
            "This person has not been added as a user.",
            "Henkilöä ei ole lisätty käyttäjäksi.",
        ),
        (
            kaisa.request(Method::PUT, &format!("{aino}/access/roles/CompanyAdministrator")),
            "NotAUser",
            "This person has not been added as a user.",
            "Henkilöä ei ole lisätty käyttäjäksi.",
        ),
        (
            kaisa.request(Method::DELETE, &format!("{aino}/invitation")),
            "NoInvitation",
            "There is no open invitation.",
            "Avointa kutsua ei ole.",
        ),
    ] {
        let again = request.try_clone().unwrap();
        let refused = kaisa.send(request).await.refused(code).json();
        assert_eq!(refused["detail"], english);
        assert_eq!(finnish(again).await.refused(code).json()["detail"], in_finnish);
    }
    // The browser itself asks for a date that can be one: a year of two or five digits is none.
    let pages = [person(KUURA, AINO), person(KUURA, PEKKA), format!("/companies/{}/people/new", id(KUURA))];
    for page in pages {
        let text = kaisa.get(&page).await.expect(200).text;
        for field in text.split("<input ").filter(|field| field.contains("type=\"date\"")) {
            let (field, _) = field.split_once('>').unwrap();
            assert!(field.contains("min=\"1900-01-01\"") && field.contains("max=\""), "{page}: {field}");
        }
    }
}

fn json_of(of: &Browser, method: Method, base: &str, path: &str, body: &Value) -> RequestBuilder {
    of.request(method, &format!("{base}{path}")).json(body)
}

#[tokio::test]
async fn a_form_that_another_page_sends_is_refused() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let aino = account(KUURA, AINO);
    let cookie = format!("office={}", kaisa.cookies.borrow()["office"]);
    let client = served.browser("office");
    let host = client.origin();
    let sent = |method: Method, path: &str, said: &[(&str, &str)]| {
        let bare = said
            .iter()
            .fold(client.bare(method, path), |request, (name, value)| request.header(*name, *value));
        client.send(bare.header("cookie", &cookie))
    };
    let invite = format!("{aino}/invitation");
    let foreign = served.origin("a");
    for said in [
        vec![("origin", foreign.as_str()), ("sec-fetch-site", "same-site")],
        vec![("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        vec![("origin", foreign.as_str())],
        vec![("origin", "null")],
        vec![("sec-fetch-site", "cross-site")],
        vec![],
    ] {
        for (method, path) in [
            (Method::POST, invite.as_str()),
            (Method::POST, "/sign-out"),
            (Method::POST, "/language"),
            (Method::POST, "/sign-in/go"),
        ] {
            sent(method, path, &said).await.expect(403).refused("CrossOrigin");
        }
    }
    let seen = kaisa.get(&format!("{aino}/account")).await.done().json();
    assert_eq!(seen.get("invitation"), None, "nobody was invited, and nobody signed out");
    sent(Method::POST, &invite, &[("origin", &host), ("sec-fetch-site", "same-origin")]).await.done();
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let kept = kaisa.cookies.borrow().clone();
    kaisa.form("/sign-out", &[]).await.expect(303);
    assert!(!kaisa.cookies.borrow().contains_key("office"));
    kaisa.cookies.replace(kept);
    kaisa.get("/").await.expect(303);
    kaisa.invite(KUURA, AINO).await.expect(401);
    // R32: what happens to phones is nothing to a browser session.
    let again = served.browser("office").let_in("kaisa").await;
    again.press(Method::POST, &format!("{}/log-out-everywhere", account(KUURA, KAISA))).await.done();
    again.get("/").await.expect(200);
}

#[tokio::test]
async fn nothing_that_opens_a_door_is_in_the_log_or_the_pages() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    kaisa.invite(KUURA, MAREK).await.done();
    let phone = served.browser("a");
    phone.get(&served.letter("a").await).await.expect(303);
    let mut secrets: Vec<String> = phone.cookies.borrow().values().cloned().collect();
    phone.sign_in_by_account("marek").await.expect(303);
    phone.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    secrets.extend(phone.cookies.borrow().values().cloned());
    secrets.extend(kaisa.cookies.borrow().values().cloned());
    secrets.push(PIN.to_owned());
    assert!(secrets.len() >= 5, "invitation, device, session, office and the PIN");
    let mut read = vec![served.log()];
    for page in ["/".to_owned(), person(KUURA, MAREK), format!("{}/account", account(KUURA, MAREK))] {
        read.push(kaisa.get(&page).await.expect(200).text);
    }
    let stage = served.browser("");
    for page in ["/", "/letters", "/hood"] {
        read.push(stage.get(page).await.expect(200).text);
    }
    for secret in secrets {
        assert!(read.iter().all(|text| !text.contains(&secret)), "{secret} is somewhere");
    }
}

#[tokio::test]
async fn d31_of_two_companies_that_add_one_person_at_one_instant_one_does() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let bo = served.browser("office").let_in("bo").await;
    let path = |company| format!("/api/companies/{}/people", id(company));
    for round in 0..8 {
        let mut body = somebody();
        body["subject"] = json!(format!("newcomer-{round}"));
        let (kuuras, hallas) = (path(KUURA), path(HALLA));
        let (one, other) = tokio::join!(kaisa.post(&kuuras, body.clone()), bo.post(&hallas, body.clone()));
        let mut told = [one.code(), other.code()];
        told.sort();
        assert!(told == ["SubjectTaken", "done"] || told == ["GuessOvertaken", "done"], "{one:?} {other:?}");
    }
}

#[tokio::test]
async fn whoever_hangs_up_while_adding_somebody_leaves_nothing_half_done() {
    let served = Served::start();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let bo = served.browser("office").let_in("bo").await;
    let path = |company| format!("/api/companies/{}/people", id(company));
    for millis in 0..12 {
        let name = format!("Liisa {millis:02}");
        let mut body = somebody();
        body["subject"] = json!(format!("hung-up-{millis}"));
        body["name"] = json!(name);
        let (kuuras, hallas) = (path(KUURA), path(HALLA));
        let sent = kaisa.post(&kuuras, body.clone());
        let _hung_up = tokio::time::timeout(Duration::from_millis(millis), sent).await;
        // Either it never came, and the other company may, or it is done to its end.
        let other = loop {
            let answer = bo.post(&hallas, body.clone()).await;
            if answer.code() != "GuessOvertaken" {
                break answer.code();
            }
        };
        let is_kuuras = kaisa.get("/").await.text.contains(&name);
        assert_eq!(other, if is_kuuras { "SubjectTaken" } else { "done" }, "after {millis} ms");
    }
}
