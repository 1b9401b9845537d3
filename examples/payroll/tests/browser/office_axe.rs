//! Every screen is searched for barriers, and pictured.

use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::axe::Barriers;
use super::driver::{Chromium, browser};
use super::office::{Office, opens_the_letter};
use super::phone::Phone;
use super::served::{AINO, Browser, EERO, HALLA, KUURA, MAREK, Served, account, id, person, today};

/// Skips the rest of a test, which has said so loudly, if there is no axe.
macro_rules! barriers {
    () => {
        match Barriers::none_yet() {
            Some(barriers) => barriers,
            None => return,
        }
    };
}

async fn kaisa(served: &Served) -> Browser {
    served.browser("office").let_in("kaisa").await
}

#[tokio::test]
async fn the_browser_version_has_no_barrier() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let barriers = barriers!();
    let office = Office::opened(&browser, &served).await;
    barriers.look(&office, "office-sign-in").await;
    office.open("/sign-in?problem=NotAUser").await;
    barriers.look(&office, "office-refused").await;
    leaving(&office, &barriers).await;
    office.open("/sign-in").await;
    office.sign_in("Kaisa").await;
    office.ready("/").await;
    barriers.look(&office, "office-people").await;
    office.open(&format!("/companies/{}/people/new", id(KUURA))).await;
    office.choose("#birth_date", "1999-02-03").await;
    for field in ["#name", "#telephone", "#subject"] {
        office.type_into(field, "x").await;
    }
    office.click_text("form.tall button", "Add").await;
    office.says("This telephone number cannot be used.").await;
    barriers.look(&office, "office-new-person").await;
    office.open("/nowhere").await;
    barriers.look(&office, "office-not-found").await;
    office.open(&person(HALLA, AINO)).await;
    barriers.look(&office, "office-not-allowed").await;
    office.person("Kaisa Koski").await;
    barriers.look(&office, "office-oneself").await;
    office.click_text("button", "Suomeksi").await;
    office.says("Käyttöoikeus").await;
    barriers.look(&office, "office-in-finnish").await;
    office.click_text("button", "Kirjaudu ulos").await;
    office.ready("/sign-in").await;
    office.sign_in("Pekka").await;
    office.ready("/").await;
    barriers.look(&office, "office-plain").await;
    barriers.are_none();
}

/// The page that leads on to the bank, which is gone too soon to be looked at: the same, without leading on.
async fn leaving(office: &Office<'_>, barriers: &Barriers) {
    let script = "const answer = await fetch('/sign-in/go', { method: 'POST' }); \
                  const page = new DOMParser().parseFromString(await answer.text(), 'text/html'); \
                  page.querySelector('[http-equiv]').remove(); \
                  document.documentElement.lang = page.documentElement.lang; \
                  document.head.replaceChildren(...page.head.children); \
                  document.body.replaceWith(page.body)";
    office.run_to_its_end::<Value>(script, &[]).await;
    office.text("main a").await;
    barriers.look(office, "office-leaving").await;
}

#[tokio::test]
async fn one_persons_page_has_no_barrier_whatever_is_on_it() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let barriers = barriers!();
    let kaisa = kaisa(&served).await;
    let aino = account(KUURA, AINO);
    kaisa.put(&format!("{aino}/access"), json!({ "first_day": today() })).await.done();
    kaisa.put(&format!("{aino}/access/profile"), json!({ "profile": { "name": "Employee" } })).await.done();
    kaisa.post(&format!("{aino}/services/Travel/close"), json!({})).await.done();
    for name in ["a", "b"] {
        served.browser(name).open("aino").await;
    }
    kaisa.invite(KUURA, AINO).await.done();
    let office = Office::with(&browser, &served, "Kaisa").await;
    office.person("Aino Virtanen").await;
    office.run::<()>("for (const more of document.querySelectorAll('details')) more.open = true", &[]).await;
    barriers.look(&office, "office-person").await;
    office.click("[data-opens=everywhere]").await;
    barriers.look(&office, "office-sure").await;
    office.does("#everywhere button", "Log out from all devices").await;
    barriers.look(&office, "office-person-barred").await;
    // Refused on the page.
    office.choose("#profile", r#"{"name":"Employee"}"#).await;
    kaisa.post(&format!("{aino}/access/end"), json!({ "last_day": "2025-01-01" })).await.done();
    office.click_text("form button", "Set the profile").await;
    office.says("This person has not been added as a user.").await;
    barriers.look(&office, "office-person-refused").await;
    barriers.are_none();
}

#[tokio::test]
async fn stage_door_letters_hood_and_bank_have_no_barrier() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let barriers = barriers!();
    let stage = served.origin("");
    browser.go(&format!("{stage}/letters")).await;
    barriers.look(&browser, "letters-none").await;
    browser.go(&format!("{stage}/hood?person={}", id(AINO))).await;
    browser.until::<bool>("no record", "return !document.getElementById('no-record').hidden", &[]).await;
    barriers.look(&browser, "hood-nobody").await;

    let kaisa = kaisa(&served).await;
    for whom in [MAREK, AINO, AINO, EERO] {
        kaisa.invite(KUURA, whom).await.done();
    }
    kaisa.press(Method::DELETE, &format!("{}/invitation", account(KUURA, EERO))).await.done();
    let (one, other) = (served.browser("a"), served.browser("b"));
    one.open("aino").await;
    other.open("aino").await;
    other.post("/api/lock", json!({})).await.done();
    other.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.refused("IncorrectPin");
    browser.go(&format!("{stage}/letters")).await;
    barriers.look(&browser, "letters").await;
    browser.go(&format!("{stage}/hood?person={}", id(AINO))).await;
    browser.until::<bool>("two states", "return document.querySelectorAll('.lit').length === 2", &[]).await;
    browser.run::<()>("for (const more of document.querySelectorAll('details')) more.open = true", &[]).await;
    barriers.look(&browser, "hood").await;
    browser.go(&format!("{stage}/?phones=4")).await;
    barriers.look(&browser, "stage").await;
    browser.go(&format!("{stage}/hood?person=nobody")).await;

    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/reachable"] })).await;
    browser.go(&format!("http://localhost:{}/", served.port)).await;
    browser.until::<bool>("what helps", "return document.getElementById('remedy').open", &[]).await;
    barriers.look(&browser, "door").await;
    browser.go(&served.browser("c").leave("BankCredentials").await).await;
    browser.text("button[name=subject]").await;
    barriers.look(&browser, "bank").await;
    browser.go(&format!("{}/authorize?client_id=nobody", served.origin("bank"))).await;
    barriers.look(&browser, "bank-refused").await;
    barriers.are_none();
}

#[tokio::test]
async fn a_phone_that_is_not_open_has_no_barrier() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let barriers = barriers!();
    let phone = Phone::opened(&browser, &served, "a").await;
    phone.screen("sign-in").await;
    barriers.look(&phone, "phone-sign-in").await;
    phone.click("#begin").await;
    phone.screen("methods").await;
    barriers.look(&phone, "phone-methods").await;
    phone.reload().await;
    phone.sign_in("Aino").await;
    phone.create_pin_confirming("111111", "111111").await;
    phone.text("#pin-error").await;
    barriers.look(&phone, "phone-create-pin").await;
    phone.create_pin(PIN).await;
    phone.lock().await;
    phone.unlock(WRONG_PIN).await;
    phone.element_says("#pin-error", "Incorrect PIN code").await;
    phone.click("summary").await;
    barriers.look(&phone, "phone-unlock").await;
    for _ in 0..4 {
        phone.ask("POST", "/api/unlock", json!({ "pin": WRONG_PIN })).await;
    }
    phone.reload().await;
    phone.screen("exhausted").await;
    barriers.look(&phone, "phone-exhausted").await;
    phone.click("#acknowledge").await;
    phone.screen("sign-in").await;
    phone.click("#rooted").await;
    phone.screen("unsupported").await;
    barriers.look(&phone, "phone-rooted").await;

    let kaisa = kaisa(&served).await;
    kaisa.invite(KUURA, MAREK).await.done();
    opens_the_letter(&browser, &served, "b").await;
    let phone = Phone::of(&browser, &served, "b");
    phone.screen("sign-in").await;
    barriers.look(&phone, "phone-invited").await;
    // What it takes a sick server to see, as its templates have it.
    for screen in ["invitation", "ask-invitation", "unsupported", "stopped", "wait", "offline"] {
        let script = "document.querySelector('main').replaceChildren(document.getElementById(`screen-${arguments[0]}`).content.cloneNode(true))";
        phone.run::<Value>(script, &[json!(screen)]).await;
        barriers.look(&phone, &format!("phone-{screen}")).await;
    }
    phone.go(&format!("{}/finger#open-Face", served.origin("b"))).await;
    phone.element("#try-again", "true").await;
    barriers.look(&phone, "phone-finger").await;
    barriers.are_none();
}

#[tokio::test]
async fn an_open_phone_has_no_barrier() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let barriers = barriers!();
    served.browser("b").open("aino").await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    barriers.look(&phone, "phone-home").await;
    let company = id(KUURA);
    for (fragment, screen) in [("payslips", "payslips"), ("hours", "hours"), ("trips", "trips")] {
        phone.open(&format!("{fragment}/{company}")).await;
        phone.screen(screen).await;
        if screen != "payslips" {
            phone.click("#enter").await;
            phone.screen(screen).await;
        }
        barriers.look(&phone, &format!("phone-{screen}")).await;
    }
    for screen in ["settings", "change-pin", "menu", "devices"] {
        phone.open(screen).await;
        phone.screen(screen).await;
        match screen {
            "devices" => phone.click(".rename").await,
            "change-pin" => phone.click("#change").await,
            _ => {}
        }
        barriers.look(&phone, &format!("phone-{screen}")).await;
    }
    phone.open("menu").await;
    phone.screen("menu").await;
    phone.click("#log-out-everywhere").await;
    barriers.look(&phone, "phone-sure").await;
    phone.click("#sure-no").await;
    phone.click("#lang-fi").await;
    phone.screen("menu").await;
    barriers.look(&phone, "phone-menu-in-finnish").await;
    barriers.are_none();
}
