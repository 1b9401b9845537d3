//! A rooted phone, replies that get lost, no connection, a server that is killed.

use pinlatch_testkit::{PIN, WRONG_PIN};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

const LOST: &str = "The reply did not arrive. This is how things stand now; try again if need be.";
const UNSUPPORTED: &str = "This device is not supported. Use an unmodified device.";

#[tokio::test]
async fn r03_r04_a_rooted_phone_is_refused_and_loses_its_session() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.click("#rooted").await;
    phone.screen("unsupported").await;
    phone.element_says("#text", UNSUPPORTED).await;
    phone.reload().await;
    phone.screen("unsupported").await;
    phone.click("#rooted").await;
    phone.screen("sign-in").await;
    // A sign-in that is under way when it is rooted is refused by the server.
    phone.click("#begin").await;
    phone.screen("methods").await;
    browser.new_tab().await;
    phone.open("").await;
    phone.click("#rooted").await;
    phone.screen("unsupported").await;
    browser.switch(&first).await;
    phone.click("#method-BankCredentials").await;
    phone.click_text("button[name=subject]", "Aino").await;
    phone.screen("unsupported").await;
    phone.element_says("#text", UNSUPPORTED).await;
    phone.click("#rooted").await;
    phone.sign_in("Aino").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn whatever_reply_gets_lost_the_phone_looks_how_it_stands_and_nothing_is_done_twice() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::opened(&browser, &served, "a").await;
    phone.screen("sign-in").await;
    phone.loses_the_next_reply().await;
    phone.click("#begin").await;
    phone.says(LOST).await;
    phone.sign_in("Aino").await;
    phone.screen("create-pin").await;
    phone.loses_the_next_reply().await;
    phone.create_pin(PIN).await;
    // It was created: what is missing is the session.
    phone.screen("unlock").await;
    phone.says(LOST).await;
    phone.loses_the_next_reply().await;
    phone.unlock(WRONG_PIN).await;
    phone.says(LOST).await;
    phone.element_says("#tries-left", "Tries left: 4").await;
    phone.loses_the_next_reply().await;
    phone.unlock(PIN).await;
    phone.says(LOST).await;
    phone.element_says("#tries-left", "Tries left: 5").await;
    phone.unlock(PIN).await;
    phone.screen("home").await;
    phone.click("a[data-function=TravelExpenseReports]").await;
    phone.screen("trips").await;
    let today = "return new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' })";
    phone.choose("#date", &phone.run::<String>(today, &[]).await).await;
    phone.type_into("#destination", "Oulu").await;
    phone.type_into("#expenses", "12").await;
    phone.loses_the_next_reply().await;
    phone.click("#enter").await;
    phone.says(LOST).await;
    assert_eq!(phone.texts("#rows tr").await.len(), 1, "it is there, once");
    phone.open("").await;
    phone.screen("home").await;
    phone.loses_the_next_reply().await;
    phone.click("#lock").await;
    phone.screen("unlock").await;
    phone.says(LOST).await;
    phone.unlock(PIN).await;
    phone.menu().await;
    phone.loses_the_next_reply().await;
    phone.click("#log-out").await;
    phone.screen("sign-in").await;
    phone.says(LOST).await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn a_server_that_is_killed_comes_back_with_the_session_and_the_counter() {
    let mut served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    served.kill();
    phone.click("#lock").await;
    phone.screen("offline").await;
    served.start_again();
    phone.click("#check-again").await;
    // What was asked for never arrived: the app is open as it was.
    phone.screen("home").await;
    phone.lock().await;
    for left in [4, 3] {
        phone.unlock(WRONG_PIN).await;
        phone.element_says("#tries-left", &format!("Tries left: {left}")).await;
        phone.screen("unlock").await;
    }
    served.kill();
    served.start_again();
    phone.unlock(WRONG_PIN).await;
    phone.element_says("#tries-left", "Tries left: 2").await;
    phone.unlock(PIN).await;
    phone.screen("home").await;
    // Without a connection of its own, likewise.
    phone.set_offline(true).await;
    phone.click("#lock").await;
    phone.screen("offline").await;
    phone.set_offline(false).await;
    phone.screen("home").await;
}
