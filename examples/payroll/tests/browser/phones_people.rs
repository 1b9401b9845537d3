//! What each person finds at home, and enters there.

use pinlatch_testkit::PIN;
use serde_json::{Value, json};

use super::driver::{Chromium, browser};
use super::phone::Phone;
use super::served::Served;

#[tokio::test]
async fn r20_r21_r22_home_shows_what_each_person_may_open_and_no_more() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let aino = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    assert_eq!(aino.text("#hello").await, "Hello, Aino Virtanen");
    assert_eq!(
        aino.texts("#companies li").await,
        ["Salary information", "Working hours", "Travel and expense reports"]
    );
    let eero = Phone::opened(&browser, &served, "b").await;
    eero.sign_in("Eero").await;
    eero.screen("sign-in").await;
    eero.says("No service has been selected for you. Ask your employer.").await;
    // A payroll accountant sees others' data only, and enters none of it.
    let saara = Phone::with(&browser, &served, "c", "Saara", PIN).await;
    assert_eq!(saara.texts("#companies li").await, ["Salary information", "Working hours"]);
    saara.click("a[data-function=SalaryInformation]").await;
    saara.screen("payslips").await;
    assert!(!saara.texts("#people a").await.contains(&"My own".to_owned()));
    assert!(!saara.is_shown("#rows").await);
    saara.click_text("#people a", "Aino Virtanen").await;
    saara.element_says("#whose", "Aino Virtanen").await;
    assert_eq!(saara.texts("#rows tr").await.len(), 3);
    saara.back().await;
    saara.back().await;
    saara.screen("home").await;
    saara.click("a[data-function=WorkingHours]").await;
    saara.screen("hours").await;
    saara.click_text("#people a", "Aino Virtanen").await;
    saara.element_says("#rows", "Nothing yet.").await;
    assert!(!saara.is_shown("#form").await);
    // Nobody gets further by typing an address.
    saara.open("trips/00000000-0000-0000-0000-000000000001/00000000-0000-0000-0000-000000000001").await;
    saara.screen("home").await;
    assert_ne!(saara.text("#message").await, "");
    let marek = Phone::opened(&browser, &served, "d").await;
    marek.sign_in_by("IdentityProviderAccount", "Marek").await;
    marek.screen("sign-in").await;
    marek.says("You need an invitation before you can sign in. Ask your user administrator for one.").await;
    marek.has_no_complaints().await;
}

/// Today where the company is, as a field for dates wants it.
async fn today(phone: &Phone<'_>) -> String {
    let script = "return new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Helsinki' })";
    phone.run(script, &[]).await
}

#[tokio::test]
async fn payslips_are_looked_at_and_hours_and_trips_entered() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.click("a[data-function=SalaryInformation]").await;
    phone.screen("payslips").await;
    let payslips = phone.texts("#rows tr").await;
    assert_eq!(payslips.len(), 3);
    // 3,120 euros, of which 28 % are 873.60.
    assert!(payslips.iter().all(|line| line.ends_with("€3,120.00\t€873.60\t€2,246.40")), "{payslips:?}");
    phone.back().await;
    phone.click("a[data-function=WorkingHours]").await;
    phone.screen("hours").await;
    phone.click("#enter").await;
    phone.element_says("#date-error", "Fill this in.").await;
    assert_eq!(phone.focus().await, "date");
    phone.choose("#date", &today(&phone).await).await;
    phone.type_into("#hours", "7.3").await;
    phone.click("#enter").await;
    phone.element_says("#hours-error", "Hours are 0 to 24, in quarters.").await;
    phone.element_says("#date-error", "").await;
    phone.type_into("#hours", "7.5").await;
    phone.type_into("#note", "Desk").await;
    phone.click("#enter").await;
    phone.says("Saved.").await;
    let hours = phone.texts("#rows tr").await;
    assert!(hours.len() == 1 && hours[0].ends_with("\t7.5\tDesk"), "{hours:?}");
    phone.back().await;
    phone.click("a[data-function=TravelExpenseReports]").await;
    phone.screen("trips").await;
    phone.choose("#date", "2020-01-01").await;
    phone.type_into("#destination", "Tampere").await;
    phone.type_into("#expenses", "45.50").await;
    phone.click("#enter").await;
    phone
        .element_says("#date-error", "The day is one of the last 62, within the employment, and not to come.")
        .await;
    phone.choose("#date", &today(&phone).await).await;
    phone.click("#enter").await;
    phone.says("Saved.").await;
    let trips = phone.texts("#rows tr").await;
    assert!(trips.len() == 1 && trips[0].ends_with("\tTampere\t€45.50"), "{trips:?}");
    // What was refused is said in the person's language.
    phone.click("#lang-fi").await;
    phone.screen("trips").await;
    phone.element_says("h1", "Matka- ja kululaskut").await;
    phone.choose("#date", "2020-01-01").await;
    phone.type_into("#destination", "Turku").await;
    phone.type_into("#expenses", "1").await;
    phone.click("#enter").await;
    let finnish =
        "Päivän on oltava viimeisten 62 päivän joukossa ja työsuhteen aikana, eikä se voi olla tulossa.";
    phone.element_says("#date-error", finnish).await;
    phone.has_no_complaints().await;
}

/// Notes every look of every screen, as it is between two tasks of the browser.
const WATCH: &str = "addEventListener('DOMContentLoaded', () => {
  window.looks = {};
  const main = document.querySelector('main');
  const note = () => (window.looks[document.body.dataset.screen] ??= new Set()).add(main.innerText);
  new MutationObserver(() => setTimeout(note)).observe(main, { childList: true, subtree: true, characterData: true });
});";

#[tokio::test]
async fn no_screen_is_shown_before_what_it_shows_is_there() {
    let served = Served::start();
    let browser = browser!(Chromium::start());
    let phone = Phone::with(&browser, &served, "a", "Aino", PIN).await;
    phone.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await;
    // A screen that waited for its data in front of the person would be seen waiting.
    phone.slow_down().await;
    phone.reload().await;
    phone.screen("home").await;
    for (screen, link) in
        [("payslips", "a[data-function=SalaryInformation]"), ("hours", "a[data-function=WorkingHours]")]
    {
        phone.click(link).await;
        phone.screen(screen).await;
        phone.back().await;
        phone.screen("home").await;
    }
    phone.settings().await;
    phone.click("#to-devices").await;
    phone.screen("devices").await;
    let script =
        "return Object.fromEntries(Object.entries(window.looks).map(([name, looks]) => [name, [...looks]]))";
    let looks: Value = phone.run(script, &[]).await;
    for (screen, looks) in looks.as_object().unwrap() {
        assert_eq!(looks.as_array().unwrap().len(), 1, "{screen} came in pieces: {looks}");
    }
    for screen in ["home", "payslips", "hours", "settings", "devices"] {
        assert!(looks.get(screen).is_some(), "{screen} was not seen");
    }
}
