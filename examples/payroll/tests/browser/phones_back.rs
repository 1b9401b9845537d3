//! Reload and back at every step: nobody sees what is not for them any more, nobody is stuck.

use pinlatch_testkit::{PIN, WRONG_PIN};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

#[tokio::test]
async fn reload_and_back_at_every_step_lead_where_the_person_may_be() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::opened(&browser, &served, "a").await;
    phone.screen("sign-in").await;
    phone.click("#begin").await;
    phone.screen("methods").await;
    phone.reload().await;
    phone.sign_in("Aino").await;
    phone.screen("create-pin").await;
    phone.reload().await;
    phone.screen("create-pin").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    let company = "00000000-0000-0000-0000-000000000001";
    for fragment in ["payslips", "hours", "trips"] {
        phone.click(&format!("a[href='#{fragment}/{company}']")).await;
        phone.screen(fragment).await;
        phone.reload().await;
        phone.screen(fragment).await;
        phone.back().await;
        phone.screen("home").await;
    }
    phone.settings().await;
    for fragment in ["change-pin", "devices"] {
        phone.click(&format!("a[href='#{fragment}']")).await;
        phone.screen(fragment).await;
        phone.reload().await;
        phone.screen(fragment).await;
        phone.back().await;
        phone.screen("settings").await;
    }
    phone.back().await;
    phone.menu().await;
    phone.click("#lock").await;
    phone.screen("unlock").await;
    // What was seen before is not seen again by going back, nor by its address.
    phone.back().await;
    phone.screen("unlock").await;
    phone.forward().await;
    phone.open(&format!("payslips/{company}")).await;
    phone.screen("unlock").await;
    phone.unlock(WRONG_PIN).await;
    phone.element_says("#tries-left", "Tries left: 4").await;
    phone.reload().await;
    phone.element_says("#tries-left", "Tries left: 4").await;
    phone.unlock(PIN).await;
    phone.screen("payslips").await;
    phone.open("nonsense").await;
    phone.screen("home").await;
    phone.menu().await;
    phone.click("#log-out").await;
    phone.screen("sign-in").await;
    phone.back().await;
    phone.screen("sign-in").await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn a_page_of_the_bank_that_is_over_leads_back_and_changes_nothing() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.back().await;
    phone.click_text("button[name=subject]", "Kaisa").await;
    phone.screen("home").await;
    phone
        .says("That sign-in is over: it took too long, or was begun in another window. Sign in again.")
        .await;
    assert_eq!(phone.text("#hello").await, "Hello, Aino Virtanen");
    phone.menu().await;
    phone.click("#log-out").await;
    phone.screen("sign-in").await;
    phone.click("#begin").await;
    phone.click("#method-BankCredentials").await;
    phone.click("button[name=cancel]").await;
    phone.screen("sign-in").await;
    phone.says("You cancelled the sign-in. Nothing has changed. Sign in when you like.").await;
    // A reload does not say it again.
    phone.reload().await;
    phone.screen("sign-in").await;
    phone.says("").await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn a_phone_is_used_by_the_keyboard_alone_and_the_focus_is_where_one_goes_on() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    assert_eq!(phone.focus().await, "hello", "a screen begins at its heading");
    // Tab, three functions, Lock.
    phone.press_keys("\u{e004}\u{e004}\u{e004}\u{e004}\u{e007}").await;
    phone.screen("unlock").await;
    assert_eq!(phone.focus().await, "h1");
    phone.press_keys(format!("\u{e004}{WRONG_PIN}\u{e007}")).await;
    phone.element_says("#pin-error", "Incorrect PIN code").await;
    let described = "const pin = document.activeElement; \
                     return [pin.id, pin.getAttribute('aria-invalid'), pin.getAttribute('aria-describedby'), \
                     document.querySelector('#pin-error').getAttribute('role')]";
    let expected = ["pin", "true", "pin-error", "alert"];
    assert_eq!(phone.run::<Vec<String>>(described, &[]).await, expected);
    phone.press_keys(format!("{PIN}\u{e007}")).await;
    phone.screen("home").await;
    assert_eq!(phone.focus().await, "hello");
    let live = "return document.querySelector('#message').getAttribute('role')";
    assert_eq!(phone.run::<String>(live, &[]).await, "alert");
}
