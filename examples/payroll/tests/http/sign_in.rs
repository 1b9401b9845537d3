//! A phone signs in by OpenID Connect: away to the provider and back, once, and only by the browser that left.

use serde_json::{Value, json};

use super::served::{Browser, Reply, Served};

/// Where an answer leads to, and nothing but that.
#[track_caller]
pub(crate) fn leads_to(answer: &Reply) -> &str {
    assert_eq!(answer.status, 303, "{answer:?}");
    answer.header("location").unwrap()
}

/// An address with another value of a parameter.
pub(crate) fn with(address: &str, name: &str, value: &str) -> String {
    let mut changed = url::Url::parse(address).unwrap();
    let kept: Vec<(String, String)> = changed
        .query_pairs()
        .filter(|(named, _)| named != name)
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    changed.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    changed.into()
}

/// A parameter of an address.
pub(crate) fn parameter(address: &str, name: &str) -> String {
    let parsed = url::Url::parse(address).unwrap();
    let found = parsed.query_pairs().find(|(named, _)| named == name);
    found.unwrap_or_else(|| panic!("no {name} in {address}")).1.into_owned()
}

/// What the phone is to do next.
pub(crate) async fn step(phone: &Browser) -> Value {
    phone.get("/api/device").await.json()["next"]["step"].clone()
}

fn is_known(phone: &Browser) -> bool {
    phone.cookies.borrow().contains_key("device")
}

#[tokio::test]
async fn the_way_to_the_provider_carries_state_nonce_and_a_pkce_challenge_of_its_own() {
    let served = Served::start();
    let phone = served.browser("a");
    let [first, second] = [phone.leave("BankCredentials").await, phone.leave("BankCredentials").await];
    assert!(first.starts_with(&format!("{}/authorize?", served.origin("bank"))), "{first}");
    assert_eq!(parameter(&first, "response_type"), "code");
    assert_eq!(parameter(&first, "code_challenge_method"), "S256");
    assert_eq!(parameter(&first, "redirect_uri"), format!("{}/sign-in/back", served.origin("a")));
    for name in ["state", "nonce", "code_challenge"] {
        let drawn = parameter(&first, name);
        // 256 bits: 43 digits of base64url, 64 hexadecimal ones.
        assert!(drawn.len() >= 43, "{name}: {drawn}");
        assert_ne!(drawn, parameter(&second, name), "{name}");
    }
}

#[tokio::test]
async fn a_forged_state_signs_nobody_in_and_spoils_nothing() {
    let served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    let back = phone.believed(&address, "aino").await;
    for forged in [with(&back, "state", "forged"), with(&back, "state", "")] {
        assert_eq!(leads_to(&phone.get(&forged).await), "/?problem=SignInOver");
    }
    for nothing in
        ["/sign-in/back", "/sign-in/back?code=c", "/sign-in/back?state=s", "/sign-in/back?state=%ff&state=2"]
    {
        assert_eq!(leads_to(&phone.get(nothing).await), "/?problem=SignInOver");
    }
    assert!(!is_known(&phone));
    assert_eq!(leads_to(&phone.get(&back).await), "/");
    assert_eq!(step(&phone).await, "CreatePin");
}

#[tokio::test]
async fn the_answer_to_another_browser_signs_nobody_in() {
    let served = Served::start();
    // Somebody signs in as Aino up to the last step, and has the others open the link of that.
    let attacker = served.browser("a");
    let [without, with_own] = [served.browser("a"), served.browser("a")];
    with_own.leave("BankCredentials").await;
    for victim in [&without, &with_own] {
        let address = attacker.leave("BankCredentials").await;
        let back = attacker.believed(&address, "aino").await;
        assert_eq!(leads_to(&victim.get(&back).await), "/?problem=SignInOver");
        assert!(!is_known(victim));
        // Whoever showed the link to somebody has lost it.
        assert_eq!(leads_to(&attacker.get(&back).await), "/?problem=SignInOver");
    }
}

#[tokio::test]
async fn another_phones_answer_signs_nobody_in() {
    let served = Served::start();
    let [a, b] = [served.browser("a"), served.browser("b")];
    let [to_a, to_b] = [a.leave("BankCredentials").await, b.leave("BankCredentials").await];
    let [back_a, back_b] = [a.believed(&to_a, "aino").await, b.believed(&to_b, "kaisa").await];
    // Codes swapped: the verifier of the one is none for the other's challenge.
    let swapped = with(&back_a, "code", &parameter(&back_b, "code"));
    assert_eq!(leads_to(&a.get(&swapped).await), "/?problem=AuthenticationFailed");
    assert!(!is_known(&a));
    let elsewhere = back_b.replace(&served.origin("b"), &served.origin("a"));
    assert_eq!(leads_to(&a.get(&elsewhere).await), "/?problem=SignInOver");
    assert!(!is_known(&a));
}

#[tokio::test]
async fn an_answer_is_good_once() {
    let served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    let back = phone.believed(&address, "aino").await;
    let flow = phone.cookies.borrow()["flow"].clone();
    assert_eq!(leads_to(&phone.get(&back).await), "/");
    let device = phone.cookies.borrow()["device"].clone();
    assert!(!phone.cookies.borrow().contains_key("flow"));
    // Reloaded, as a browser that has the page in its history does; and with the flow still there.
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=SignInOver");
    phone.cookies.borrow_mut().insert("flow".to_owned(), flow);
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=SignInOver");
    assert_eq!(phone.cookies.borrow()["device"], device);
    assert_eq!(step(&phone).await, "CreatePin");
}

#[tokio::test]
async fn of_the_same_answer_twice_at_one_instant_one_is_taken() {
    let served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    let back = phone.believed(&address, "aino").await;
    let (one, other) = tokio::join!(phone.get(&back), phone.get(&back));
    let mut ends = [leads_to(&one), leads_to(&other)];
    ends.sort_unstable();
    assert_eq!(ends, ["/", "/?problem=SignInOver"]);
    assert_eq!(step(&phone).await, "CreatePin");
}

#[tokio::test]
async fn a_code_is_good_once() {
    let served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    let used = phone.believed(&address, "aino").await;
    assert_eq!(leads_to(&phone.get(&used).await), "/");
    let other = served.browser("a");
    let address = other.leave("BankCredentials").await;
    let with_used_code = with(&used, "state", &parameter(&address, "state"));
    assert_eq!(leads_to(&other.get(&with_used_code).await), "/?problem=AuthenticationFailed");
    assert!(!is_known(&other));
}

#[tokio::test]
async fn each_error_of_the_provider_has_a_next_step() {
    let served = Served::start();
    let phone = served.browser("a");
    let says = [
        ("access_denied", "SignInCancelled", "You cancelled the sign-in. Nothing has changed."),
        ("login_required", "AuthenticationFailed", "Authentication did not succeed. Try again."),
        ("interaction_required", "AuthenticationFailed", "Authentication did not succeed. Try again."),
        ("<b>anything</b>", "Unavailable", "The service is not available. Try again later."),
        ("unauthorized_client", "Unavailable", "The service is not available. Try again later."),
        ("invalid_request", "Unavailable", "The service is not available. Try again later."),
        ("invalid_scope", "Unavailable", "The service is not available. Try again later."),
        ("server_error", "Unavailable", "The service is not available. Try again later."),
        ("temporarily_unavailable", "Unavailable", "The service is not available. Try again later."),
    ];
    for (error, code, text) in says {
        let address = phone.leave("BankCredentials").await;
        let back = format!("/sign-in/back?state={}&error={error}", parameter(&address, "state"));
        let answer = phone.get(&back).await;
        assert_eq!(leads_to(&answer), format!("/?problem={code}"));
        let landed = phone.get(leads_to(&answer)).await.expect(200);
        assert!(landed.text.contains(text), "{error}: {}", alert(&landed.text));
    }
    assert!(!is_known(&phone));
    // An error beside a code counts.
    let address = phone.leave("BankCredentials").await;
    let back = phone.believed(&address, "aino").await;
    assert_eq!(leads_to(&phone.get(&with(&back, "error", "server_error")).await), "/?problem=Unavailable");
}

/// What a page says in its alert.
pub(crate) fn alert(page: &str) -> &str {
    page.lines().find(|line| line.contains("role=\"alert\"")).unwrap_or_default()
}

#[tokio::test]
async fn whoever_gives_up_at_the_bank_is_told_so_and_signs_in_later() {
    let served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    let back = phone.gives_up(&address).await;
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=SignInCancelled");
    let said = phone.send(
        phone.request(reqwest::Method::GET, "/?problem=SignInCancelled").header("accept-language", "fi"),
    );
    let said = said.await;
    assert!(said.text.contains("Peruutit kirjautumisen. Mikään ei muuttunut."), "{}", alert(&said.text));
    assert_eq!(leads_to(&phone.sign_in("aino").await), "/");
}

#[tokio::test]
async fn a_stranger_is_told_that_nobody_has_this_account() {
    let served = Served::start();
    let phone = served.browser("a");
    let answer = phone.sign_in("stranger").await;
    assert_eq!(leads_to(&answer), "/?problem=AccountUnknown");
    assert!(!is_known(&phone));
    let landed = phone.get("/?problem=AccountUnknown").await;
    assert!(
        landed.text.contains("Nobody here has the account that you signed in with."),
        "{}",
        alert(&landed.text)
    );
    // Another account helps at once.
    assert_eq!(leads_to(&phone.sign_in("aino").await), "/");
}

#[tokio::test]
async fn no_text_of_an_address_is_on_the_page() {
    let served = Served::start();
    let phone = served.browser("a");
    for text in ["Your%20account%20is%20closed", "%3Cscript%3Ealert(1)%3C/script%3E"] {
        let page = phone.get(&format!("/?problem={text}")).await.expect(200).text;
        assert!(!page.contains("account is closed") && !page.contains("alert(1)"), "{page}");
    }
}

#[tokio::test]
async fn who_may_not_sign_in_is_told_why() {
    let served = Served::start();
    let phone = served.browser("a");
    // Eero has no chargeable service (R21), Marek was never invited (R02).
    assert_eq!(leads_to(&phone.sign_in("eero").await), "/?problem=NoChargeableService");
    let address = phone.leave("IdentityProviderAccount").await;
    let back = phone.believed(&address, "marek").await;
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=InvitationRequired");
    assert!(!is_known(&phone));
    // Nor by a method that one does not have, whatever the bank believes.
    let address = phone.leave("MobileCertificate").await;
    let back = phone.believed(&address, "kaisa").await;
    assert_eq!(leads_to(&phone.get(&back).await), "/?problem=MethodNotAvailable");
}

#[tokio::test]
async fn the_program_may_be_started_again_at_any_step_of_a_sign_in() {
    let mut served = Served::start();
    let phone = served.browser("a");
    let address = phone.leave("BankCredentials").await;
    served.kill();
    served.start_again();
    let back = phone.believed(&address, "aino").await;
    served.kill();
    served.start_again();
    assert_eq!(leads_to(&phone.get(&back).await), "/");
    served.kill();
    served.start_again();
    assert_eq!(step(&phone).await, "CreatePin");
    let pin = pinlatch_testkit::PIN;
    phone.post("/api/pin", json!({ "pin": pin, "confirmation": pin })).await.done();
}

#[tokio::test]
async fn of_two_sign_ins_on_one_phone_the_later_counts() {
    let served = Served::start();
    let phone = served.browser("a");
    // Two tabs that begin anew each: the later has the phone's flow.
    let earlier = phone.leave("BankCredentials").await;
    let later = phone.leave("BankCredentials").await;
    let [earlier, later] = [phone.believed(&earlier, "kaisa").await, phone.believed(&later, "aino").await];
    assert_eq!(leads_to(&phone.get(&earlier).await), "/?problem=SignInOver");
    assert!(!is_known(&phone));
    assert_eq!(leads_to(&phone.get(&later).await), "/");
    // Two windows of one sign-in: whichever comes back first.
    let phone = served.browser("b");
    let one = phone.leave("BankCredentials").await;
    let gone = phone.post("/sign-in/go", json!({ "method": "MobileCertificate" })).await.expect(200);
    let other = gone.json()["address"].as_str().unwrap().to_owned();
    let [one, other] = [phone.believed(&one, "aino").await, phone.believed(&other, "aino").await];
    assert_eq!(leads_to(&phone.get(&other).await), "/");
    assert_eq!(leads_to(&phone.get(&one).await), "/?problem=SignInOver");
    assert_eq!(step(&phone).await, "CreatePin");
}

#[tokio::test]
async fn nobody_goes_to_the_provider_without_a_sign_in_that_was_begun() {
    let served = Served::start();
    let phone = served.browser("a");
    let go = json!({ "method": "BankCredentials" });
    phone.post("/sign-in/go", go.clone()).await.expect(401).refused("AuthenticationRequired");
    phone.cookies.borrow_mut().insert("flow".to_owned(), "invented".to_owned());
    phone.post("/sign-in/go", go).await.expect(401).refused("AuthenticationRequired");
    phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    phone.post("/sign-in/go", json!({ "method": "Palmistry" })).await.refused("BodyMalformed");
    // Evidence comes by the provider alone: the routes that take it from a page are not there.
    phone.post("/api/sign-in", json!({ "flow": "x", "evidence": {}, "label": "A" })).await.expect(404);
}

#[tokio::test]
async fn after_landing_neither_address_nor_page_nor_answers_hold_a_secret() {
    let served = Served::start();
    let phone = served.browser("a");
    let begun = phone.post("/api/sign-in/begin", json!({})).await.expect(200);
    let flow = phone.cookies.borrow()["flow"].clone();
    assert!(!begun.text.contains(&flow), "{begun:?}");
    let gone = phone.post("/sign-in/go", json!({ "method": "BankCredentials" })).await.expect(200);
    let address = gone.json()["address"].as_str().unwrap().to_owned();
    assert!(!address.contains(&flow), "{address}");
    let back = phone.believed(&address, "aino").await;
    let landed = phone.get(&back).await;
    assert_eq!(leads_to(&landed), "/");
    assert_eq!(landed.header("referrer-policy"), Some("no-referrer"));
    assert_eq!(landed.header("cache-control"), Some("no-store"));
    assert!(landed.text.is_empty(), "{landed:?}");
    let pin = pinlatch_testkit::PIN;
    let made = phone.post("/api/pin", json!({ "pin": pin, "confirmation": pin })).await.done();
    let secrets: Vec<String> = phone.cookies.borrow().values().cloned().collect();
    assert_eq!(secrets.len(), 2, "device and session");
    // Loaded, and loaded again.
    let pages = [
        phone.get("/").await,
        phone.get("/").await,
        phone.get("/api/device").await,
        phone.get("/here").await,
        made,
    ];
    for secret in &secrets {
        for page in &pages {
            assert!(!page.text.contains(secret.as_str()), "{page:?}");
        }
    }
}

#[tokio::test]
async fn the_log_names_no_secret_however_much_it_tells() {
    let served = Served::telling_all();
    let phone = served.browser("a");
    let mut secrets = vec![pinlatch_testkit::PIN.to_owned(), pinlatch_testkit::WRONG_PIN.to_owned()];
    let remember = |secrets: &mut Vec<String>, browser: &Browser| {
        secrets.extend(browser.cookies.borrow().values().filter(|value| value.len() > 8).cloned());
    };
    let address = phone.leave("BankCredentials").await;
    remember(&mut secrets, &phone);
    secrets.extend(["state", "nonce", "code_challenge"].map(|name| parameter(&address, name)));
    let back = phone.believed(&address, "aino").await;
    secrets.push(parameter(&back, "code"));
    phone.get(&with(&back, "state", "forged-state-of-somebody")).await;
    phone.get(&back).await.expect(303);
    remember(&mut secrets, &phone);
    let pin = pinlatch_testkit::PIN;
    phone.post("/api/pin", json!({ "pin": pin, "confirmation": pin })).await.done();
    remember(&mut secrets, &phone);
    phone.post("/api/unlock", json!({ "pin": pinlatch_testkit::WRONG_PIN })).await.refused("IncorrectPin");
    phone.post("/api/unlock", json!({ "pin": pin })).await.done();
    remember(&mut secrets, &phone);
    // A code that was used before, which the provider refuses.
    let address = phone.leave("BankCredentials").await;
    let again = with(&back, "state", &parameter(&address, "state"));
    assert_eq!(leads_to(&phone.get(&again).await), "/?problem=AuthenticationFailed");
    remember(&mut secrets, &phone);
    let office = served.browser("office");
    super::office_sign_in::sign_in(&office, "kaisa").await.expect(303);
    remember(&mut secrets, &office);
    let log = served.log();
    assert!(log.contains("does not know this code"), "the log is of this run:\n{log}");
    for secret in secrets {
        assert!(!log.contains(&secret), "{secret} is in the log:\n{log}");
    }
}
