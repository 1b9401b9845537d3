//! The PIN: made, entered, wrong, exhausted, changed.

use pinlatch_testkit::{ANOTHER_PIN, PIN, WRONG_PIN};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

const INCORRECT: &str = "Incorrect PIN code";
const EXHAUSTED: &str =
    "Incorrect PIN code. You entered the wrong PIN code too many times. Authenticate again.";

#[tokio::test]
async fn five_wrong_pins_are_answered_as_the_page_says_and_ok_leads_to_a_new_pin() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.lock().await;
    for left in [4, 3, 2, 1] {
        phone.unlock(WRONG_PIN).await;
        phone.element_says("#tries-left", &format!("Tries left: {left}")).await;
        phone.element_says("#pin-error", INCORRECT).await;
    }
    phone.unlock(WRONG_PIN).await;
    phone.screen("exhausted").await;
    phone.element_says("#exhausted-text", EXHAUSTED).await;
    phone.click_text("#acknowledge", "OK").await;
    phone.sign_in("Aino").await;
    phone.create_pin(ANOTHER_PIN).await;
    phone.screen("home").await;
    phone.has_no_complaints().await;
}
