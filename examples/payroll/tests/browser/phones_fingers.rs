//! Fingerprint and face, by a virtual authenticator.

use pinlatch_testkit::PIN;

use super::authenticator::Authenticator;
use super::driver::{Chromium, Tab, browser};
use super::phone::Phone;
use super::served::Served;

const NOT_RECOGNISED: &str = "Not recognised, or cancelled. Try again or use your PIN code.";

#[tokio::test]
async fn r27_d28_e28_a_finger_opens_the_app_and_a_changed_enrolment_falls_back_to_the_pin() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    let sensor = Authenticator::added(&browser).await;
    phone.settings().await;
    phone.click("#fingerprint").await;
    phone.says("Turned on.").await;
    phone.element_says("#fingerprint-state", "On").await;
    phone.open("").await;
    phone.lock().await;
    assert!(phone.is_shown("#open-Fingerprint").await && !phone.is_shown("#open-Face").await);
    phone.click("#open-Fingerprint").await;
    // D28: whose finger opened it adds no face before the PIN; and shows none in vain.
    phone.settings().await;
    phone.click("#face").await;
    phone.screen("unlock").await;
    phone.says("Enter your PIN code to continue.").await;
    assert_eq!(sensor.passkeys().await.len(), 1);
    assert!(!phone.is_shown("#open-Fingerprint").await);
    phone.click("#cancel").await;
    phone.screen("settings").await;
    phone.click("#face").await;
    phone.unlock(PIN).await;
    phone.screen("settings").await;
    phone.click("#face").await;
    phone.says("Turned on.").await;
    phone.open("").await;
    phone.lock().await;
    sensor.recognises(false).await;
    phone.click("#open-Face").await;
    phone.says(NOT_RECOGNISED).await;
    phone.element_says("#tries-left", "Tries left: 5").await;
    sensor.recognises(true).await;
    // Another key under the same name: what somebody else has put there does not open.
    let mut passkeys = sensor.passkeys().await;
    assert_eq!(passkeys.len(), 2);
    let others = passkeys[1]["privateKey"].clone();
    passkeys[1]["privateKey"] = passkeys[0]["privateKey"].clone();
    passkeys[0]["privateKey"] = others;
    sensor.forget_all().await;
    for passkey in &passkeys {
        sensor.add(passkey).await;
    }
    phone.click("#open-Fingerprint").await;
    phone
        .until::<bool>("a reason", "return document.querySelector('#message').innerText.trim() !== ''", &[])
        .await;
    phone.screen("unlock").await;
    sensor.forget_all().await;
    phone.unlock(PIN).await;
    phone.settings().await;
    phone.click("#fingerprint").await;
    phone.says("Turned off.").await;
    phone.element_says("#fingerprint-state", "Off").await;
    phone.has_no_complaints().await;
}

#[tokio::test]
async fn on_the_stage_a_finger_is_asked_for_in_a_small_window() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let frame = "iframe[title='Phone A']";
    let stage = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    let sensor = Authenticator::added(&browser).await;
    phone.settings().await;
    phone.click("#fingerprint").await;
    phone.says("Turned on.").await;
    let passkeys = sensor.passkeys().await;
    browser.go(&served.origin("")).await;
    browser.enter_frame(frame).await;
    phone.settings().await;
    phone.click("#face").await;
    phone.says("Go on in the small window.").await;
    shows(&browser, &stage, &[]).await;
    browser.enter_frame(frame).await;
    phone.element_says("#face-state", "On").await;
    phone.click("main a.button[href='#']").await;
    phone.lock().await;
    phone.click("#open-Fingerprint").await;
    shows(&browser, &stage, &passkeys).await;
    browser.enter_frame(frame).await;
    phone.screen("home").await;
    // D28: the PIN is asked for in the frame, since the small window has no pad.
    phone.settings().await;
    phone.click("#face").await;
    phone.says("Turned off.").await;
    phone.click("#face").await;
    phone.screen("unlock").await;
    phone.says("Enter your PIN code to continue.").await;
    phone.unlock(PIN).await;
    phone.screen("settings").await;
    phone.click("main a.button[href='#']").await;
    // Whoever closes the small window goes on with the PIN.
    phone.lock().await;
    phone.click("#open-Fingerprint").await;
    let window = browser.opened_besides(std::slice::from_ref(&stage)).await;
    // As its own frame's button does: the page's is out of reach while the browser asks for the finger.
    browser.close().await;
    browser.is_closed(&window).await;
    browser.switch(&stage).await;
    browser.enter_frame(frame).await;
    // The page finds the window closed a moment later, which takes away nothing that was typed meanwhile.
    phone.type_into("#pin", PIN).await;
    phone.says("").await;
    phone.click("#unlock").await;
    phone.screen("home").await;
}

/// Shows a finger in the small window, which then closes itself, and turns back to the stage.
async fn shows(browser: &Chromium, stage: &Tab, passkeys: &[serde_json::Value]) {
    let window = browser.opened_besides(std::slice::from_ref(stage)).await;
    Authenticator::with(browser, passkeys).await;
    // It has asked already, before it had a sensor.
    browser.reload().await;
    browser.is_closed(&window).await;
    browser.switch(stage).await;
}
