//! "Users and roles" in a browser, and the phones beside it.

use pinlatch_testkit::PIN;
use serde_json::{Value, json};

use super::driver::{Chromium, browser};
use super::office::{Office, opens_the_letter};
use super::phone::Phone;
use super::served::Served;

#[tokio::test]
async fn r31_r35_two_open_phones_end_by_the_administrators_hand_and_the_letter_leads_back() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let first = browser.tab().await;
    let one = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    let second = browser.new_tab().await;
    let other = Phone::with(&browser, &served, "b", "Aino", PIN).await;
    let third = browser.new_tab().await;
    let office = Office::with(&browser, &served, "Kaisa").await;
    office.person("Aino Virtanen").await;
    office.says("Phone B").await;
    // "Cancel" does nothing.
    office.click("[data-opens=everywhere]").await;
    office.click_text("#everywhere button", "Cancel").await;
    office.revokes_all().await;
    office.says("Logged out from all devices: signs in again with a new invitation only.").await;
    office.has_no_complaints().await;

    // Both are open still, as far as anybody sees; whatever is done there next ends that.
    for (tab, phone) in [(&first, &one), (&second, &other)] {
        browser.switch(tab).await;
        phone.screen("home").await;
        phone.click("#lock").await;
        phone.screen("ask-invitation").await;
        phone.reload().await;
        phone.screen("ask-invitation").await;
    }
    // Signing in all the same helps nobody.
    other.click("#sign-in-anyway").await;
    other.sign_in("Aino").await;
    other.screen("ask-invitation").await;

    browser.switch(&third).await;
    office.does("#account ~ .row button", "Invite again").await;
    office.says("An invitation is open until").await;
    browser.switch(&second).await;
    opens_the_letter(&browser, &served, "b").await;
    other.screen("sign-in").await;
    assert!(other.is_shown("#invited").await, "the phone says that an invitation is on it");
    other.sign_in("Aino").await;
    other.create_pin(PIN).await;
    other.screen("home").await;
    browser.switch(&first).await;
    one.reload().await;
    one.sign_in("Aino").await;
    one.create_pin(PIN).await;
    one.screen("home").await;
    one.has_no_complaints().await;
}

#[tokio::test]
async fn somebody_new_is_made_given_rights_and_loses_a_phone() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let desk = browser.tab().await;
    let office = Office::with(&browser, &served, "Kaisa").await;
    a_newcomer(&office).await;
    office.does("form button", "Select: Travel").await;
    office.says("Travel: selected").await;
    office.does("form button", "Invite").await;

    let pocket = browser.new_tab().await;
    opens_the_letter(&browser, &served, "a").await;
    let phone = Phone::of(&browser, &served, "a");
    phone.sign_in_by("IdentityProviderAccount", "Liisa").await;
    phone.create_pin(PIN).await;
    phone.screen("home").await;
    assert!(phone.is_shown("[data-function=TravelExpenseReports]").await);

    browser.switch(&desk).await;
    rights(&office).await;
    browser.switch(&pocket).await;
    phone.reload().await;
    phone.screen("home").await;
    assert!(phone.is_shown("#nothing").await, "D10: a user without rights sees nothing");

    browser.switch(&desk).await;
    office.choose("#profile", r#"{"name":"Employee"}"#).await;
    office.does("form button", "Set the profile").await;
    office.says("Profile: Employee.").await;
    browser.switch(&pocket).await;
    phone.reload().await;
    phone.screen("home").await;
    assert!(phone.is_shown("[data-function=SalaryInformation]").await, "R23");

    browser.switch(&desk).await;
    office.does("form button", "Close at the end of the month: Travel").await;
    office.says("Travel: through").await;
    office.does("form button", "Log out this one: Phone A").await;
    office.says("Signed in on no device.").await;
    office.has_no_complaints().await;
    browser.switch(&pocket).await;
    phone.click("#lock").await;
    phone.screen("sign-in").await;
    phone.has_no_complaints().await;
}

/// Fills in the form, wrong at first: nothing that was typed is lost by that.
async fn a_newcomer(office: &Office<'_>) {
    office.click_text("a", "Add a person").await;
    office.ready("/companies/").await;
    for (field, text) in [("#name", "Liisa Mäki"), ("#telephone", "no number"), ("#subject", "liisa")] {
        office.type_into(field, text).await;
    }
    office.choose("#birth_date", "1999-02-03").await;
    office.click_text("form.tall button", "Add").await;
    office.says("This telephone number cannot be used. Enter it with its country code.").await;
    let typed: Vec<String> = office
        .run("return ['name', 'telephone', 'birth_date', 'subject'].map((id) => document.getElementById(id).value)", &[])
        .await;
    assert_eq!(typed, ["Liisa Mäki", "no number", "1999-02-03", "liisa"]);
    // A year of five digits is a slip that the browser itself points out: nothing is sent.
    office.choose("#first_day", "20261-01-01").await;
    let is_valid: bool = office.run("return document.querySelector('form.tall').checkValidity()", &[]).await;
    assert!(!is_valid);
    let today = super::served::today();
    office.choose("#first_day", &today).await;
    office.type_into("#telephone", "+358 40 111 2233").await;
    office.does("form.tall button", "Add").await;
    office.says("Salaries: selected").await;
}

/// Makes whoever is shown a user.
async fn rights(office: &Office<'_>) {
    office.click_text("summary", "Make a user").await;
    office.does("form button", "Make a user").await;
    office.says("Profile: No rights.").await;
}

#[tokio::test]
async fn who_is_signed_out_meanwhile_loses_nothing_that_was_typed() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let desk = browser.tab().await;
    let office = Office::with(&browser, &served, "Kaisa").await;
    office.click_text("a", "Add a person").await;
    office.type_into("#name", "Liisa Mäki").await;
    office.type_into("#telephone", "+358 40 111 2233").await;
    office.type_into("#subject", "liisa").await;
    office.choose("#birth_date", "1999-02-03").await;
    browser.new_tab().await;
    office.open("/").await;
    office.click_text("button", "Sign out").await;
    office.ready("/sign-in").await;
    browser.switch(&desk).await;
    office.click_text("form.tall button", "Add").await;
    office.says("You are signed out, and nothing was changed.").await;
    let known = browser.tabs().await;
    office.click("form.tall .error a").await;
    browser.opened_besides(&known).await;
    office.sign_in("Kaisa").await;
    office.ready("/").await;
    browser.switch(&desk).await;
    let name: Value = office.run("return document.getElementById('name').value", &[]).await;
    assert_eq!(name, json!("Liisa Mäki"));
    office.does("form.tall button", "Add").await;
    office.has_no_complaints().await;
}

#[tokio::test]
async fn r18_d15_who_may_not_is_told_so_in_both_languages() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let office = Office::opened(&browser, &served).await;
    office.sign_in("Aino").await;
    office.says("You have not been added as a user").await;
    office.says("Ask your user administrator").await;
    office.sign_in("Pekka").await;
    office.says("is for user administrators").await;
    office.click_text("button", "Suomeksi").await;
    office.says("Käyttäjät ja roolit").await;
    office.click_text("button", "Kirjaudu ulos").await;
    office.ready("/sign-in").await;
    office.sign_in("Kaisa").await;
    office.click_text("th a", "Kaisa Koski").await;
    office.says("Kukaan ei muuta omaa käyttöoikeuttaan").await;
    assert!(!office.is_shown("#profile").await, "what would be refused is not offered");
    // The employment alone: whoever belongs to the company no more has no page to come back to.
    office.open("/").await;
    office.click_text("th a", "Eero Salo").await;
    office.choose("[name=last_day]", "2024-12-31").await;
    office.click_text("form button", "Päätä työsuhde").await;
    office.ready("/").await;
    office.says("Valmis: Päätä työsuhde").await;
    let names = office.texts("th a").await;
    assert!(!names.is_empty() && !names.contains(&"Eero Salo".to_owned()), "{names:?}");
    office.has_no_complaints().await;
}
