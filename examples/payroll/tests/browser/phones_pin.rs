//! The PIN: created, entered, wrong, exhausted, changed.

use pinlatch_testkit::{ANOTHER_PIN, PIN, WRONG_PIN};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

/// The two messages of the page, and what they are in Finnish.
const INCORRECT: &str = "Incorrect PIN code";
const EXHAUSTED: &str =
    "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.";
const INCORRECT_IN_FINNISH: &str = "Väärä PIN-koodi";
const EXHAUSTED_IN_FINNISH: &str =
    "Väärä PIN-koodi. Syötit väärän PIN-koodin liian monta kertaa. Tunnistaudu uudelleen.";

/// Five wrong ones, each answered as it must be, up to the screen that has only "OK".
async fn five_wrong(phone: &Phone<'_>, [incorrect, exhausted]: [&str; 2], tries_left: &str) {
    for left in [4, 3, 2, 1] {
        phone.unlock(WRONG_PIN).await;
        phone.element_says("#tries-left", &format!("{tries_left}: {left}")).await;
        phone.element_says("#pin-error", incorrect).await;
        assert_eq!(phone.focus().await, "pin", "whoever is wrong can type again at once");
    }
    phone.unlock(WRONG_PIN).await;
    phone.screen("exhausted").await;
    phone.element_says("#exhausted-text", exhausted).await;
    assert_eq!(phone.texts("main button").await, ["OK"]);
}

#[tokio::test]
async fn r12_r13_five_wrong_pins_are_answered_as_given_and_ok_leads_to_a_new_pin() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.lock().await;
    five_wrong(&phone, [INCORRECT, EXHAUSTED], "Tries left").await;
    // Looking again changes nothing: "OK" is the only way on.
    phone.reload().await;
    phone.screen("exhausted").await;
    phone.click("#acknowledge").await;
    phone.sign_in("Aino").await;
    phone.create_pin(ANOTHER_PIN).await;
    phone.lock().await;
    // R16: the old one is void.
    phone.unlock(PIN).await;
    phone.element_says("#tries-left", "Tries left: 4").await;
    phone.unlock_on_the_pad(ANOTHER_PIN).await;
    phone.screen("home").await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn r12_r13_the_same_in_finnish_on_a_narrow_phone() {
    let served = Served::start();
    let browser = browser!(Chromium::start_in("fi"));
    browser.narrow().await;
    let phone = Phone::opened(&browser, &served, "a").await;
    phone.sign_in("Aino").await;
    phone.create_pin_confirming(PIN, ANOTHER_PIN).await;
    phone.element_says("#confirmation-error", "PIN-koodit eivät täsmää.").await;
    phone.create_pin(PIN).await;
    phone.lock().await;
    five_wrong(&phone, [INCORRECT_IN_FINNISH, EXHAUSTED_IN_FINNISH], "Yrityksiä jäljellä").await;
    // The language is the person's choice, and stays with the phone.
    phone.click("#lang-en").await;
    phone.element_says("#exhausted-text", EXHAUSTED).await;
    phone.reload().await;
    phone.element_says("#exhausted-text", EXHAUSTED).await;
    let is_too_wide = "return document.documentElement.scrollWidth > window.innerWidth";
    assert!(!phone.run::<bool>(is_too_wide, &[]).await);
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn r07_r08_e29_a_pin_is_created_and_changed_and_each_refusal_says_why_beside_its_entry() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::opened(&browser, &served, "a").await;
    phone.sign_in("Aino").await;
    phone.create_pin_confirming(PIN, ANOTHER_PIN).await;
    phone.element_says("#confirmation-error", "The PIN codes are not the same.").await;
    phone.create_pin("123456").await;
    phone.element_says("#pin-error", "This PIN code is too easy to guess. Choose another one.").await;
    phone.element_says("#confirmation-error", "").await;
    // Aino's birthday, 17 May 1990.
    phone.create_pin("170590").await;
    phone.element_says("#pin-error", "This PIN code is too easy to guess. Choose another one.").await;
    phone.create_pin("12").await;
    phone.element_says("#pin-error", "Enter a PIN code of 6 digits.").await;
    phone.create_pin(PIN).await;
    phone.settings().await;
    phone.click("#to-change-pin").await;
    phone.change_pin(WRONG_PIN, ANOTHER_PIN, ANOTHER_PIN).await;
    phone.element_says("#current-error", INCORRECT).await;
    phone.change_pin(PIN, ANOTHER_PIN, PIN).await;
    phone.element_says("#confirmation-error", "The PIN codes are not the same.").await;
    phone.change_pin(PIN, PIN, PIN).await;
    phone.element_says("#pin-error", "The new PIN code is the same as the old one.").await;
    // The reply is lost: the same is asked again under its key, and is not taken for a second change.
    phone.loses_the_next_reply().await;
    phone.change_pin(PIN, ANOTHER_PIN, ANOTHER_PIN).await;
    phone.says("The PIN code is changed.").await;
    assert_eq!(phone.texts("main .error").await, [""; 0]);
    phone.open("").await;
    phone.lock().await;
    phone.unlock(PIN).await;
    phone.element_says("#pin-error", INCORRECT).await;
    phone.unlock(ANOTHER_PIN).await;
    phone.screen("home").await;
    phone.has_no_complaints().await;
}
