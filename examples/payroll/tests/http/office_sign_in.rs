//! Signing in to the browser version, and out of it.

use serde_json::json;

use super::served::{Browser, Reply, Served};
use super::sign_in::{leads_to, parameter, with};

/// Where the page that leads to the provider leads to.
pub(crate) async fn leave(office: &Browser) -> String {
    let page = office.form("/sign-in/go", &[]).await.expect(200).text;
    let start = page.find("href=\"http").unwrap() + "href=\"".len();
    let end = page[start..].find('"').unwrap();
    page[start..start + end].replace("&amp;", "&").replace("&#38;", "&")
}

/// Signs in to the browser version through the test bank.
pub(crate) async fn sign_in(office: &Browser, subject: &str) -> Reply {
    let address = leave(office).await;
    let back = office.believed(&address, subject).await;
    office.get(&back).await
}

fn is_signed_in(office: &Browser) -> bool {
    office.cookies.borrow().contains_key("office")
}

#[tokio::test]
async fn a_user_signs_in_and_out_and_nobody_else_does() {
    let served = Served::start();
    let office = served.browser("office");
    assert_eq!(leads_to(&office.get("/").await), "/sign-in");
    // R18: an employee who is no user.
    assert_eq!(leads_to(&sign_in(&office, "aino").await), "/sign-in?problem=NotAUser");
    let said = office.get("/sign-in?problem=NotAUser").await.expect(200);
    assert!(said.text.contains("You have not been added as a user"), "{}", said.text);
    assert_eq!(leads_to(&sign_in(&office, "stranger").await), "/sign-in?problem=AccountUnknown");
    assert!(!is_signed_in(&office));
    // R19: a user, employee or not.
    for user in ["kaisa", "saara", "pekka", "bo"] {
        assert_eq!(leads_to(&sign_in(&office, user).await), "/", "{user}");
        office.get("/").await.expect(200);
        let session = office.cookies.borrow()["office"].clone();
        assert_eq!(leads_to(&office.form("/sign-out", &[]).await), "/sign-in");
        assert!(!is_signed_in(&office));
        // The session is over on the server, and not only the cookie gone.
        office.cookies.borrow_mut().insert("office".to_owned(), session);
        assert_eq!(leads_to(&office.get("/").await), "/sign-in", "{user}");
        office.cookies.borrow_mut().clear();
    }
}

#[tokio::test]
async fn an_answer_is_good_once_and_for_the_browser_that_left() {
    let served = Served::start();
    let [attacker, victim] = [served.browser("office"), served.browser("office")];
    leave(&victim).await;
    let address = leave(&attacker).await;
    let back = attacker.believed(&address, "kaisa").await;
    assert_eq!(leads_to(&attacker.get(&with(&back, "state", "forged")).await), "/sign-in?problem=SignInOver");
    assert_eq!(leads_to(&victim.get(&back).await), "/sign-in?problem=SignInOver");
    assert!(!is_signed_in(&victim));
    let address = leave(&attacker).await;
    let back = attacker.believed(&address, "kaisa").await;
    let flow = attacker.cookies.borrow()["flow"].clone();
    assert_eq!(leads_to(&attacker.get(&back).await), "/");
    let session = attacker.cookies.borrow()["office"].clone();
    attacker.cookies.borrow_mut().insert("flow".to_owned(), flow);
    assert_eq!(leads_to(&attacker.get(&back).await), "/sign-in?problem=SignInOver");
    assert_eq!(attacker.cookies.borrow()["office"], session);
    attacker.get("/").await.expect(200);
    // A code that was used.
    let address = leave(&victim).await;
    let again = with(&back, "state", &parameter(&address, "state"));
    assert_eq!(leads_to(&victim.get(&again).await), "/sign-in?problem=AuthenticationFailed");
    assert!(!is_signed_in(&victim));
}

#[tokio::test]
async fn an_error_of_the_provider_is_explained() {
    let served = Served::start();
    let office = served.browser("office");
    let says = [
        ("access_denied", "SignInCancelled", "You cancelled the sign-in. Nothing has changed."),
        ("login_required", "AuthenticationFailed", "Authentication did not succeed. Try again."),
        ("server_error", "Unavailable", "The service is not available. Try again later."),
    ];
    for (error, code, text) in says {
        let address = leave(&office).await;
        let back = format!("/sign-in/back?state={}&error={error}", parameter(&address, "state"));
        let answer = office.get(&back).await;
        assert_eq!(leads_to(&answer), format!("/sign-in?problem={code}"));
        let landed = office.get(leads_to(&answer)).await.expect(200);
        assert!(landed.text.contains(text), "{}", landed.text);
    }
    let address = leave(&office).await;
    let back = office.gives_up(&address).await;
    assert_eq!(leads_to(&office.get(&back).await), "/sign-in?problem=SignInCancelled");
}

#[tokio::test]
async fn the_program_may_be_started_again_and_the_session_stays() {
    let mut served = Served::start();
    let office = served.browser("office");
    let address = leave(&office).await;
    served.kill();
    served.start_again();
    let back = office.believed(&address, "kaisa").await;
    served.kill();
    served.start_again();
    assert_eq!(leads_to(&office.get(&back).await), "/");
    served.kill();
    served.start_again();
    office.get("/").await.expect(200);
}

#[tokio::test]
async fn whoever_signs_in_after_somebody_ends_that_ones_session() {
    let served = Served::start();
    let office = served.browser("office");
    sign_in(&office, "kaisa").await.expect(303);
    let before = office.cookies.borrow()["office"].clone();
    sign_in(&office, "saara").await.expect(303);
    assert_ne!(office.cookies.borrow()["office"], before);
    let old = served.browser("office");
    old.cookies.borrow_mut().insert("office".to_owned(), before);
    assert_eq!(leads_to(&old.get("/").await), "/sign-in");
}

#[tokio::test]
async fn a_phones_cookies_open_nothing_in_the_browser_version_nor_the_reverse() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("kaisa").await;
    let office = served.browser("office");
    office.cookies.replace(phone.cookies.borrow().clone());
    assert_eq!(leads_to(&office.get("/").await), "/sign-in");
    sign_in(&office, "kaisa").await.expect(303);
    let session = office.cookies.borrow()["office"].clone();
    let other = served.browser("b");
    for name in ["office", "session", "device"] {
        other.cookies.borrow_mut().insert(name.to_owned(), session.clone());
    }
    other.get("/api/me").await.expect(401);
    other.post("/api/lock", json!({})).await.expect(401);
}

#[tokio::test]
async fn after_landing_neither_address_nor_page_holds_a_secret() {
    let served = Served::start();
    let office = served.browser("office");
    let address = leave(&office).await;
    let flow = office.cookies.borrow()["flow"].clone();
    assert!(!address.contains(&flow));
    let back = office.believed(&address, "kaisa").await;
    let landed = office.get(&back).await;
    assert_eq!((leads_to(&landed), landed.text.as_str()), ("/", ""));
    let session = office.cookies.borrow()["office"].clone();
    for _ in 0..2 {
        let page = office.get("/").await.expect(200);
        assert!(!page.text.contains(&session) && !page.text.contains(&flow));
        assert_eq!(page.header("cache-control"), Some("no-store"));
    }
    // Whoever is signed in has nothing to do at the sign-in.
    assert_eq!(leads_to(&office.get("/sign-in").await), "/");
}
