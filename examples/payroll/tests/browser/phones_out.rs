//! Lock, Log out, Log out from all devices; and a person's devices.

use pinlatch_testkit::PIN;

use super::administrator::{AINO, invites};
use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

const REVOKED: &str =
    "You are logged out from all devices. Ask your user administrator for a new invitation.";

#[tokio::test]
async fn r33_r34_log_out_wants_authentication_and_log_out_from_all_devices_an_invitation() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.menu().await;
    phone.click("#log-out").await;
    phone.screen("sign-in").await;
    phone.reload().await;
    phone.screen("sign-in").await;
    assert!(!phone.is_shown("#ended").await, "whoever logged out knows");
    phone.sign_in("Aino").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    browser.new_tab().await;
    let other = Phone::with(&browser, &served, "b", "Aino", PIN).await;
    other.menu().await;
    other.click("#log-out-everywhere").await;
    other.click("#sure-no").await;
    assert!(!other.is_shown("#sure").await);
    assert_eq!(other.focus().await, "log-out-everywhere", "a dialog gives the focus back");
    other.click("#log-out-everywhere").await;
    other.click("#sure-yes").await;
    other.screen("ask-invitation").await;
    other.element_says("#text", REVOKED).await;
    // The first phone, too, at the next thing that its person does.
    browser.switch(&first).await;
    phone.click("#lock").await;
    phone.screen("ask-invitation").await;
    phone.element_says("#text", REVOKED).await;
    phone.click("#sign-in-anyway").await;
    phone.sign_in("Aino").await;
    phone.screen("ask-invitation").await;
    phone.element_says("#text", REVOKED).await;
    phone.says("").await;
    invites(&served, AINO).await;
    phone.click("#check-again").await;
    phone.screen("invitation").await;
    phone.click("#to-letters").await;
    phone.click_text("a.button", "Open on phone A").await;
    phone.screen("sign-in").await;
    assert!(phone.is_shown("#invited").await);
    phone.sign_in("Aino").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    // E35: the bar is lifted, and the other phone is one that is logged out, and says why.
    other.open("").await;
    other.screen("sign-in").await;
    other.element_says("#ended", "You were logged out from all devices.").await;
    other.has_no_complaints().await;
}

#[tokio::test]
async fn a_person_sees_the_own_devices_names_them_and_logs_another_out() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    let second = browser.new_tab().await;
    let other = Phone::with(&browser, &served, "b", "Aino", PIN).await;
    browser.switch(&first).await;
    phone.settings().await;
    phone.click("#to-devices").await;
    phone.screen("devices").await;
    assert_eq!(phone.texts("#rows > li").await.len(), 2);
    assert_eq!(phone.texts("#rows > li[data-this=true] .badge").await, ["this one"]);
    assert_eq!(phone.texts("#rows > li[data-this=false] .badge").await, [""; 0]);
    let other_one = "#rows > li[data-this=false]";
    phone.click(&format!("{other_one} .rename")).await;
    phone.type_into(&format!("{other_one} .label"), "Kesämökin puhelin").await;
    phone.click(&format!("{other_one} .save")).await;
    phone.says("The device has a new name.").await;
    assert_eq!(phone.text(&format!("{other_one} .name")).await, "Kesämökin puhelin");
    phone.click(&format!("{other_one} .log-out")).await;
    phone.says("Logged out.").await;
    assert!(!phone.is_shown("#log-out-others").await, "there are no others");
    browser.switch(&second).await;
    other.reload().await;
    other.screen("sign-in").await;
    other.element_says("#ended", "This device was logged out from another one of yours.").await;
    other.sign_in("Aino").await;
    other.create_pin(PIN).await;
    other.screen("home").await;
    browser.switch(&first).await;
    phone.reload().await;
    phone.screen("devices").await;
    phone.click("#log-out-others").await;
    phone.says("Logged out.").await;
    browser.switch(&second).await;
    other.reload().await;
    other.screen("sign-in").await;
    other.has_no_complaints().await;
}
