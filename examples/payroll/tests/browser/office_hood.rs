//! Under the hood, the stage and the door, in a browser.

use pinlatch_testkit::{PIN, WRONG_PIN};
use serde_json::{Value, json};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::{AINO, Served, id};

/// Waits until these states are lit, and no other.
async fn lit(browser: &Chromium, states: &[&str]) {
    let script = "const lit = [...document.querySelectorAll('.diagram .lit')].map((state) => state.dataset.state); \
                  return JSON.stringify(lit) === JSON.stringify(arguments[0])";
    browser.until::<bool>(&format!("lit: {states:?}"), script, &[json!(states)]).await;
}

/// Waits until the newest line of the trail begins so, after its time.
async fn newest(browser: &Chromium, what: &str) {
    let script = "return document.querySelector('#entries tr td:nth-child(2)')?.innerText === arguments[0]";
    browser.until::<bool>(&format!("the newest entry {what:?}"), script, &[json!(what)]).await;
}

async fn entries(browser: &Chromium) -> usize {
    browser.run("return document.querySelectorAll('#entries tr').length", &[]).await
}

#[tokio::test]
async fn the_hood_is_live_while_a_phone_locks_and_opens_and_the_program_is_started_again() {
    let mut served = Served::start();
    let browser = browser!(Chromium::start());
    let pocket = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    let hood = browser.new_tab().await;
    browser.go(&format!("{}/hood?person={}", served.origin(""), id(AINO))).await;
    lit(&browser, &["Authenticated"]).await;
    newest(&browser, "PinCreated").await;
    assert_eq!(browser.text("#line").await, "live");
    let at_first = entries(&browser).await;

    browser.switch(&pocket).await;
    phone.lock().await;
    browser.switch(&hood).await;
    lit(&browser, &["Locked"]).await;
    newest(&browser, "Locked").await;
    assert!(browser.text("#lit").await.contains("Phone A"), "the same in words");

    browser.switch(&pocket).await;
    phone.unlock(WRONG_PIN).await;
    phone.element_says("#pin-error", "Incorrect PIN code").await;
    browser.switch(&hood).await;
    let script = "return document.getElementById('devices').innerText.includes('1 of 5')";
    browser.until::<bool>("one wrong PIN of five", script, &[]).await;

    // The stream ends with the program, and the page finds the next one by itself, without an entry twice.
    assert!(served.stop().success());
    browser
        .until::<bool>(
            "that nobody answers",
            "return document.getElementById('line').innerText !== 'live'",
            &[],
        )
        .await;
    let before = entries(&browser).await;
    served.start_again();
    browser.switch(&pocket).await;
    phone.unlock(PIN).await;
    phone.screen("home").await;
    browser.switch(&hood).await;
    lit(&browser, &["Authenticated"]).await;
    newest(&browser, "UnlockedByPin").await;
    let added = entries(&browser).await;
    assert_eq!(added, before + 1, "{at_first} at first");
    assert!(before > at_first);
    let text: String = browser.run("return document.documentElement.outerHTML", &[]).await;
    assert!(!text.contains(PIN) && !text.contains(WRONG_PIN));
}

#[tokio::test]
async fn phones_stand_side_by_side_each_with_its_own_person() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    browser.go(&format!("{}/", served.origin(""))).await;
    for (name, person) in [("a", "Aino"), ("b", "Kaisa")] {
        browser.enter_frame(&format!("iframe[title='Phone {}']", name.to_uppercase())).await;
        let phone = Phone::of(&browser, &served, name);
        phone.sign_in(person).await;
        phone.create_pin(PIN).await;
        phone.screen("home").await;
        assert!(phone.text("#hello").await.contains(person));
        browser.leave_frames().await;
    }
    assert_eq!(browser.texts(".stand h2").await, ["Phone A", "Phone B"]);
    browser.click("#more").await;
    assert_eq!(browser.focus().await, "phone-c");
    browser.enter_frame("iframe[title='Phone C']").await;
    Phone::of(&browser, &served, "c").screen("sign-in").await;
    browser.leave_frames().await;
    // Kept over a reload; and each phone is still who it was.
    browser.reload().await;
    assert_eq!(browser.texts(".stand h2").await, ["Phone A", "Phone B", "Phone C", "Phone D"]);
    browser.enter_frame("iframe[title='Phone B']").await;
    Phone::of(&browser, &served, "b").screen("home").await;
    browser.leave_frames().await;
    browser.has_no_complaints().await;
}

#[tokio::test]
async fn the_door_leads_to_the_stage_or_says_what_helps() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    browser.go(&format!("http://localhost:{}/", served.port)).await;
    let script = "return location.origin === arguments[0] && document.querySelector('h1')?.innerText";
    let title: String = browser.until("the stage", script, &[json!(served.origin(""))]).await;
    assert_eq!(title, "Phones side by side");
    browser.has_no_complaints().await;

    browser.devtools("Network.enable", json!({})).await;
    browser.devtools("Network.setBlockedURLs", json!({ "urls": ["*/reachable"] })).await;
    browser.go(&format!("http://localhost:{}/", served.port)).await;
    let open = "return document.getElementById('remedy').open";
    browser.until::<bool>("what helps", open, &[]).await;
    let said: Value = browser.run("return document.querySelector('main').innerText", &[]).await;
    let said = said.as_str().unwrap();
    assert!(
        said.contains("/etc/hosts") && said.contains("127.0.0.1 payroll.localhost a.payroll.localhost"),
        "{said}"
    );
}
