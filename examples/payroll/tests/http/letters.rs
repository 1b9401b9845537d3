//! Invitations on their way: a letter is opened on a phone, once, in time, by whom it is for.

use reqwest::Method;
use serde_json::json;

use super::served::{AINO, Browser, KUURA, MAREK, Reply, Served, account, letters_on};

const A_DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

async fn invited(served: &Served, whom: u128) -> (Browser, String) {
    let kaisa = served.browser("office").let_in("kaisa").await;
    kaisa.invite(KUURA, whom).await.done();
    let letter = served.letter("a").await;
    (kaisa, letter)
}

#[track_caller]
fn leads_to(back: &Reply, address: &str) {
    assert_eq!(back.header("location"), Some(address), "{back:?}");
}

#[tokio::test]
async fn r02_d20_a_foreign_person_gets_in_by_a_letter_of_24_hours() {
    let served = Served::start();
    let phone = served.browser("a");
    leads_to(&phone.sign_in_by_account("marek").await, "/?problem=InvitationRequired");
    let before = jiff::Timestamp::now();
    let kaisa = served.browser("office").let_in("kaisa").await;
    let issued = kaisa.invite(KUURA, MAREK).await.done().json();
    let expires: jiff::Timestamp = issued["expires"].as_str().unwrap().parse().unwrap();
    let lasts = expires.duration_since(before);
    assert!(lasts >= A_DAY && lasts < A_DAY + jiff::SignedDuration::from_mins(1), "{lasts}");
    let invited = phone.sign_in_by_account("marek").await;
    leads_to(&invited, "/?problem=InvitationRequired&step=PresentInvitation");
    let says = phone.get(invited.header("location").unwrap()).await.text;
    assert!(says.contains("You have been invited. Open the invitation"), "{says}");

    let letter = served.letter("a").await;
    leads_to(&phone.get(&letter).await.expect(303), "/");
    let offered = phone.begin().await.done().json();
    assert_eq!(offered["methods"], json!(["IdentityProviderAccount"]), "R01: no bank credentials");
    leads_to(&phone.sign_in("marek").await, "/?problem=MethodNotAvailable");
    leads_to(&phone.sign_in_by_account("marek").await, "/");
    assert_eq!(phone.device().await["state"], "PinPending");
    assert_eq!(phone.cookies.borrow().get("invitation"), None);
    let letters = served.browser("").get("/letters").await.expect(200).text;
    assert!(letters.contains("used, withdrawn or void"), "{letters}");
    assert_eq!(letters_on(&letters, "a"), [""; 0], "there is nothing left to open");
}

#[tokio::test]
async fn e16_a_letter_withdrawn_or_replaced_lets_nobody_in() {
    let served = Served::start();
    let (kaisa, first) = invited(&served, MAREK).await;
    kaisa.invite(KUURA, MAREK).await.done();
    let second = served.letter("a").await;
    assert_ne!(first, second);
    let letters = served.browser("").get("/letters").await.expect(200).text;
    assert!(letters.contains("replaced by a newer one"), "{letters}");
    let phone = served.browser("a");
    phone.get(&first).await.expect(303);
    let invited = phone.sign_in_by_account("marek").await;
    leads_to(&invited, "/?problem=InvitationRequired&step=PresentInvitation");
    assert_eq!(phone.cookies.borrow().get("invitation"), None, "it would only be refused again");

    let withdraw = format!("{}/invitation", account(KUURA, MAREK));
    kaisa.press(Method::DELETE, &withdraw).await.done();
    let letters = served.browser("").get("/letters").await.expect(200).text;
    assert_eq!(letters_on(&letters, "a"), [""; 0], "it cannot be opened from the page any more");
    phone.get(&second).await.expect(303);
    leads_to(&phone.sign_in_by_account("marek").await, "/?problem=InvitationRequired");
    kaisa.press(Method::DELETE, &withdraw).await.expect(404).refused("NoInvitation");
}

#[tokio::test]
async fn somebody_elses_letter_helps_nobody_and_is_put_away() {
    let served = Served::start();
    let (_, letter) = invited(&served, MAREK).await;
    let phone = served.browser("a");
    phone.get(&letter).await.expect(303);
    leads_to(&phone.sign_in("aino").await, "/?problem=InvitationOfAnother");
    let page = phone.get("/?problem=InvitationOfAnother").await.expect(200).text;
    assert!(page.contains("for somebody else"), "{page}");
    assert_eq!(phone.cookies.borrow().get("invitation"), None);
    // The phone is free, and the letter still good.
    phone.open("aino").await;
    let other = served.browser("b");
    other.get(&letter.replacen("//a.", "//b.", 1)).await.expect(303);
    leads_to(&other.sign_in_by_account("marek").await, "/");
}

#[tokio::test]
async fn a_letter_that_is_none_says_so_and_opens_nothing() {
    let served = Served::start();
    let phone = served.browser("a");
    leads_to(&phone.get("/invitation/0123456789abcdef").await.expect(303), "/?problem=NoInvitation");
    let page = phone.get("/?problem=NoInvitation").await.expect(200).text;
    assert!(page.contains("There is no open invitation."), "{page}");
    assert!(phone.cookies.borrow().is_empty());
    let letters = served.browser("").get("/letters").await.expect(200).text;
    assert!(letters.contains("No letters."), "{letters}");
    let (_, letter) = invited(&served, AINO).await;
    // A letter is opened on a phone: neither on the stage nor in the browser version.
    for place in ["", "office", "bank"] {
        let there = letter.replacen("//a.", if place.is_empty() { "//" } else { "//PLACE." }, 1);
        let there = served.browser(place).get(&there.replace("PLACE", place)).await;
        assert!(!there.headers.contains_key("set-cookie"), "{there:?}");
    }
}
