//! "Users and roles": who gets in, who may change what, and what that does to the phones.

use pinlatch_testkit::PIN;
use reqwest::Method;
use serde_json::{Value, json};

use super::forms::somebody;
use super::served::{
    AINO, Browser, EERO, HALLA, KAISA, KUURA, PEKKA, Reply, Served, account, id, person, today,
};

async fn kaisa(served: &Served) -> Browser {
    served.browser("office").let_in("kaisa").await
}

/// Everything that an administrator does to somebody of Kuura.
fn commands(whom: u128) -> Vec<(Method, String, Option<Value>)> {
    let base = account(KUURA, whom);
    let command = |method, path: &str, body| (method, format!("{base}{path}"), body);
    vec![
        command(Method::GET, "", None),
        command(Method::GET, "/account", None),
        command(Method::POST, "/invitation", None),
        command(Method::DELETE, "/invitation", None),
        command(Method::POST, "/log-out-everywhere", None),
        command(Method::DELETE, &format!("/devices/{}", id(9)), None),
        command(Method::POST, "/employments", Some(json!({ "first_day": today(), "services": [] }))),
        command(Method::POST, "/employments/end", Some(json!({ "last_day": today() }))),
        command(Method::PUT, "/services/Travel", Some(json!({}))),
        command(Method::POST, "/services/Salaries/close", Some(json!({}))),
        command(Method::PUT, "/access", Some(json!({ "first_day": today() }))),
        command(Method::POST, "/access/end", Some(json!({ "last_day": today() }))),
        command(Method::PUT, "/access/profile", Some(json!({ "profile": { "name": "Employee" } }))),
        command(Method::PUT, "/access/roles/UserAdministrator", None),
        command(Method::DELETE, "/access/roles/UserAdministrator", None),
    ]
}

async fn sent(browser: &Browser, (method, path, body): &(Method, String, Option<Value>)) -> Reply {
    let request = browser.request(method.clone(), path);
    browser.send(if let Some(body) = body { request.json(body) } else { request }).await
}

#[tokio::test]
async fn r18_an_employee_who_is_no_user_is_refused_with_the_next_step() {
    let served = Served::start();
    for subject in ["aino", "eero", "marek"] {
        let office = served.browser("office");
        let back = office.come_in(subject).await.expect(303);
        assert_eq!(back.header("location"), Some("/sign-in?problem=NotAUser"), "{subject}");
        assert!(!office.cookies.borrow().contains_key("office"), "{subject} has no session");
        office.get("/").await.expect(303);
        office.get("/api/session").await.expect(401).refused("BrowserSessionRequired");
    }
    let office = served.browser("office");
    let said = office.get("/sign-in?problem=NotAUser").await.expect(200).text;
    for words in [
        "You have not been added as a user",
        "The app on your phone works without",
        "Ask your user administrator",
        "sign in as somebody else",
    ] {
        assert!(said.contains(words), "{words:?} in {said}");
    }
    let finnish = office.request(Method::GET, "/sign-in?problem=NotAUser").header("accept-language", "fi");
    let said = office.send(finnish).await.text;
    assert!(said.contains("Sinua ei ole lisätty käyttäjäksi"), "{said}");
    assert!(said.contains("ota yhteyttä käyttäjähallitsijaan"), "{said}");
}

#[tokio::test]
async fn r19_users_get_in_and_see_what_is_theirs() {
    let served = Served::start();
    let kuura = ["Aino Virtanen", "Eero Salo", "Kaisa Koski", "Marek Nowak", "Pekka Laine", "Saara Niemi"];
    let page = kaisa(&served).await.get("/").await.expect(200).text;
    for name in kuura {
        assert!(page.contains(name), "{name}");
    }
    assert!(!page.contains("Bo Lind"), "E25: another company's");
    let page = served.browser("office").let_in("bo").await.get("/").await.expect(200).text;
    for name in kuura {
        assert!(!page.contains(name), "E25: {name}");
    }
    assert!(page.contains("Bo Lind") && page.contains("Halla Oy"), "{page}");
    for (subject, role) in [("pekka", "Company administrator"), ("saara", "Payroll accountant")] {
        let page = served.browser("office").let_in(subject).await.get("/").await.expect(200).text;
        assert!(page.contains("is for user administrators") && page.contains(role), "{page}");
        for name in kuura.iter().filter(|name| !name.to_lowercase().starts_with(subject)) {
            assert!(!page.contains(name), "{subject} sees {name}");
        }
    }
}

#[tokio::test]
async fn r36_e25_nobody_but_the_companys_user_administrator_sees_or_changes_anybody() {
    let served = Served::start();
    let phone = served.browser("a");
    phone.open("aino").await;
    let kaisa = kaisa(&served).await;
    let facts = |whom| account(KUURA, whom);
    let before = kaisa.get(&facts(AINO)).await.done().json();
    for subject in ["pekka", "saara", "bo"] {
        let office = served.browser("office").let_in(subject).await;
        for command in commands(AINO) {
            sent(&office, &command).await.expect(403).refused("NotAuthorised");
        }
        let page = office.get(&person(KUURA, AINO)).await.expect(403).text;
        assert!(!page.contains("Virtanen"), "{subject}: {page}");
        let newcomer = format!("/api/companies/{}/people", id(KUURA));
        office.post(&newcomer, somebody()).await.expect(403).refused("NotAuthorised");
        let page = format!("/companies/{}/people/new", id(KUURA));
        office.get(&page).await.expect(403);
    }
    let nobody = served.browser("office");
    for command in commands(AINO) {
        sent(&nobody, &command).await.expect(401).refused("BrowserSessionRequired");
    }
    assert_eq!(kaisa.get(&facts(AINO)).await.done().json(), before);
    let account = kaisa.get(&format!("{}/account", facts(AINO))).await.done().json();
    assert_eq!((&account["standing"], account.get("invitation")), (&json!("Good"), None));
    assert_eq!(phone.device().await["state"], "Authenticated");
}

/// D31: reach would come with a relation, and a host asks a person whom it knows before it makes one.
#[tokio::test]
async fn e25_no_administrator_takes_somebody_of_another_company_in() {
    let served = Served::start();
    let bo = served.browser("office").let_in("bo").await;
    let aino = account(HALLA, AINO);
    let hired = json!({ "first_day": today(), "services": ["Salaries"] });
    bo.post(&format!("{aino}/employments"), hired).await.expect(403).refused("NotAuthorised");
    let user = json!({ "first_day": today() });
    bo.put(&format!("{aino}/access"), user.clone()).await.expect(403).refused("NotAuthorised");
    bo.press(Method::POST, &format!("{aino}/log-out-everywhere")).await.expect(403).refused("NotAuthorised");
    // Whom nobody knows is made by the form for newcomers, which says who it is.
    let nobody = account(HALLA, 99);
    bo.put(&format!("{nobody}/access"), user).await.expect(403).refused("NotAuthorised");
    assert!(!bo.get("/").await.expect(200).text.contains("Virtanen"));
}

#[tokio::test]
async fn e21_e19_services_reach_the_phone_at_its_next_request_and_close_with_the_month() {
    let served = Served::start();
    let kaisa = kaisa(&served).await;
    let eero = account(KUURA, EERO);
    let phone = served.browser("a");
    let back = phone.sign_in("eero").await.expect(303);
    assert_eq!(back.header("location"), Some("/?problem=NoChargeableService"), "R21");

    kaisa.put(&format!("{eero}/services/Salaries"), json!({})).await.done();
    phone.open("eero").await;
    let offered = format!("/api/companies/{}/functions", id(KUURA));
    let functions = phone.get(&offered).await.done().text;
    assert!(functions.contains("WorkingHours") && !functions.contains("Travel"), "{functions}");
    kaisa.put(&format!("{eero}/services/Travel"), json!({})).await.done();
    assert!(phone.get(&offered).await.done().text.contains("TravelExpenseReports"), "E21");
    kaisa.put(&format!("{eero}/services/Travel"), json!({})).await.expect(422).refused("NothingToChange");

    let closed = kaisa.post(&format!("{eero}/services/Travel/close"), json!({})).await.done().json();
    let travel = &closed["employments"][0]["services"][0];
    assert_eq!(
        (travel["service"].as_str(), travel["last_day"].as_str()),
        (Some("Travel"), Some(&*last_of_month()))
    );
    assert!(phone.get(&offered).await.done().text.contains("TravelExpenseReports"), "to the month's end");
    let page = kaisa.get(&person(KUURA, EERO)).await.expect(200).text;
    assert!(page.contains("Travel: through"), "{page}");
}

/// The last day of this month where the companies are.
fn last_of_month() -> String {
    today().parse::<jiff::civil::Date>().unwrap().last_of_month().to_string()
}

#[tokio::test]
async fn r24_e22_user_access_profile_and_roles_are_given_and_taken() {
    let served = Served::start();
    let kaisa = kaisa(&served).await;
    let aino = account(KUURA, AINO);
    let employee = json!({ "profile": { "name": "Employee" } });
    let set = kaisa.put(&format!("{aino}/access/profile"), employee.clone()).await;
    let refused = set.expect(403).refused("NotAUser").json();
    assert_eq!(refused["detail"], "This person has not been added as a user.");

    kaisa.put(&format!("{aino}/access"), json!({ "first_day": today() })).await.done();
    let phone = served.browser("a");
    phone.open("aino").await;
    let slips = format!("/api/companies/{}/payslips", id(KUURA));
    phone.get(&slips).await.refused("NoRight");
    kaisa.put(&format!("{aino}/access/profile"), employee).await.done();
    phone.get(&slips).await.done();

    let office = served.browser("office").let_in("aino").await;
    office.get(&person(KUURA, EERO)).await.expect(403);
    kaisa.press(Method::PUT, &format!("{aino}/access/roles/UserAdministrator")).await.done();
    office.get(&person(KUURA, EERO)).await.expect(200);
    let page = kaisa.get(&person(KUURA, AINO)).await.expect(200).text;
    assert!(page.contains("User administrator (KH): yes") && page.contains("Profile: Employee"), "{page}");
    kaisa.press(Method::DELETE, &format!("{aino}/access/roles/UserAdministrator")).await.done();
    office.get(&person(KUURA, EERO)).await.expect(403);

    // The last day was before the first: the access is gone at once, and the browser with it. The app goes on.
    kaisa.post(&format!("{aino}/access/end"), json!({ "last_day": "2025-01-01" })).await.done();
    office.get("/").await.expect(403);
    office.get("/api/session").await.refused("NotAUser");
    phone.get(&slips).await.done();
}

#[tokio::test]
async fn d15_nobody_sets_ones_own_profile_or_roles_but_may_invite_oneself() {
    let served = Served::start();
    let kaisa = kaisa(&served).await;
    let own = account(KUURA, KAISA);
    let before = kaisa.get(&own).await.done().json();
    for (method, path, body) in [
        (Method::PUT, "/access/profile", Some(json!({ "profile": { "name": "NoRights" } }))),
        (Method::PUT, "/access/roles/CompanyAdministrator", None),
        (Method::DELETE, "/access/roles/UserAdministrator", None),
        (Method::PUT, "/access", Some(json!({ "first_day": "2020-01-01" }))),
        (Method::POST, "/access/end", Some(json!({ "last_day": today() }))),
    ] {
        sent(&kaisa, &(method, format!("{own}{path}"), body)).await.expect(403).refused("NotAuthorised");
    }
    assert_eq!(kaisa.get(&own).await.done().json(), before);
    let page = kaisa.get(&person(KUURA, KAISA)).await.expect(200).text;
    assert!(page.contains("Nobody changes their own user access, profile or roles"), "{page}");
    for offered in ["/access/profile", "/access/roles/", "/access/end", "/access\""] {
        assert!(!page.contains(offered), "what is refused is not offered: {offered}");
    }
    kaisa.invite(KUURA, KAISA).await.done();
}

#[tokio::test]
async fn d17_one_lost_phone_is_logged_out_and_the_other_goes_on() {
    let served = Served::start();
    let kaisa = kaisa(&served).await;
    let (lost, kept) = (served.browser("a"), served.browser("b"));
    lost.open("aino").await;
    kept.open("aino").await;
    let aino = account(KUURA, AINO);
    let devices = kaisa.get(&format!("{aino}/account")).await.done().json()["devices"].clone();
    let labels: Vec<&str> =
        devices.as_array().unwrap().iter().filter_map(|one| one["label"].as_str()).collect();
    assert_eq!(labels, ["Phone A", "Phone B"]);
    let path = format!("{aino}/devices/{}", devices[0]["id"].as_str().unwrap());
    kaisa.press(Method::DELETE, &path).await.done();
    assert_eq!(lost.device().await["state"], "LoggedOut");
    lost.post("/api/unlock", json!({ "pin": PIN })).await.expect(401).refused("AuthenticationRequired");
    assert_eq!(kept.device().await["state"], "Authenticated");
    kept.get("/api/session").await.done();
    let page = kaisa.get(&person(KUURA, AINO)).await.expect(200).text;
    assert!(page.contains("Phone B") && !page.contains("Phone A"), "{page}");
    kaisa.press(Method::DELETE, &path).await.expect(404).refused("UnknownDevice");
}

#[tokio::test]
async fn r31_r33_r35_after_revoke_all_a_letter_lets_the_person_in_and_nothing_else_does() {
    let served = Served::start();
    let kaisa = kaisa(&served).await;
    let (one, other) = (served.browser("a"), served.browser("b"));
    let bystander = served.browser("c");
    one.open("aino").await;
    other.open("aino").await;
    bystander.open("kaisa").await;
    let aino = account(KUURA, AINO);
    kaisa.press(Method::POST, &format!("{aino}/log-out-everywhere")).await.done();
    kaisa.press(Method::POST, &format!("{aino}/log-out-everywhere")).await.done();
    let barred = |back: Reply| assert_eq!(back.header("location"), Some("/?problem=ReinvitationRequired"));
    for phone in [&one, &other] {
        assert_eq!(phone.device().await["state"], "RevokedAll");
        phone.get("/api/session").await.expect(401);
        phone.post("/api/unlock", json!({ "pin": PIN })).await.refused("ReinvitationRequired");
        barred(phone.sign_in("aino").await);
    }
    barred(served.browser("d").sign_in("aino").await);
    assert_eq!(bystander.device().await["state"], "Authenticated", "R31: nobody else");

    kaisa.invite(KUURA, AINO).await.done();
    assert_eq!(one.device().await["state"], "RevokedAll", "R34: nobody is signed in by it");
    // Without the letter nobody gets in; to ask for another one would make this one void.
    let back = one.sign_in("aino").await;
    assert_eq!(back.header("location"), Some("/?problem=ReinvitationRequired&step=PresentInvitation"));
    let says = one.get(back.header("location").unwrap()).await.text;
    let says = super::sign_in::alert(&says);
    assert!(says.contains("Open the invitation that was sent to you") && !says.contains("Ask"), "{says}");
    let refused = one.post("/api/unlock", json!({ "pin": PIN })).await.refused("ReinvitationRequired").json();
    assert_eq!(refused["next"]["step"], "PresentInvitation");
    assert!(!refused["detail"].as_str().unwrap().contains("Ask"), "{refused}");
    let letter = served.letter("a").await;
    one.get(&letter).await.expect(303);
    one.open("aino").await;
    assert_eq!(one.device().await["state"], "Authenticated");
    // The bar is lifted for the other phone too, which authenticates on its own (D18, E35).
    assert_eq!(other.device().await["next"]["step"], "Authenticate");
    // What was begun within the skew after the log-out may have been begun before it, and is void (D34).
    // Whoever comes back while that lasts is told how long.
    while let Some(waits) = other.sign_in("aino").await.header("location").filter(|to| *to != "/") {
        if waits == "/?problem=AuthenticationRequired" {
            continue;
        }
        assert!(waits.starts_with("/?problem=AuthenticationRequired&step=TryAgain&after="), "{waits}");
        let says = other.get(waits).await.text;
        let says = super::sign_in::alert(&says);
        assert!(says.contains("Wait a moment, then authenticate. Wait "), "{says}");
    }
    assert_eq!(other.device().await["state"], "PinPending");

    // Used once: it lifts no second bar.
    kaisa.press(Method::POST, &format!("{aino}/log-out-everywhere")).await.done();
    one.get(&letter).await.expect(303);
    barred(one.sign_in("aino").await);
    assert_eq!(one.cookies.borrow().get("invitation"), None, "what is void is put away");
}

#[tokio::test]
async fn an_operator_gives_a_company_without_user_administrator_one() {
    let mut served = Served::with(&["--requests-a-second", "1000"], None);
    let kaisa = kaisa(&served).await;
    let role = |person| format!("{}/access/roles/UserAdministrator", account(KUURA, person));
    kaisa.put(&role(PEKKA), json!({})).await.done();
    // Where there is one, it does nothing.
    served.stop();
    let pair = |person| format!("{}={}", id(KUURA), id(person));
    let served =
        Served::again_with(served, &["--requests-a-second", "1000", "--first-administrator", &pair(AINO)]);
    let refused = served.browser("office").come_in("aino").await;
    assert_eq!(refused.header("location"), Some("/sign-in?problem=NotAUser"));
    // No write spans two people: each may take the role from the other at one instant, and then there is none.
    let (kaisa, pekka) =
        (served.browser("office").let_in("kaisa").await, served.browser("office").let_in("pekka").await);
    let (kaisas, pekkas) = (role(KAISA), role(PEKKA));
    let both = async || {
        let (one, other) =
            tokio::join!(kaisa.press(Method::DELETE, &pekkas), pekka.press(Method::DELETE, &kaisas));
        match (one.status, other.status) {
            (200, 200) => return true,
            (200, _) => kaisa.put(&pekkas, json!({})).await.done(),
            _ => pekka.put(&kaisas, json!({})).await.done(),
        };
        false
    };
    let mut tries = 0;
    while !both().await {
        tries += 1;
        assert!(tries < 500, "it never happens any more: then this test has no way to its end");
    }
    kaisa.put(&pekkas, json!({})).await.expect(403);
    let mut served = served;
    served.stop();
    let served = Served::again_with(served, &["--first-administrator", &pair(KAISA)]);
    let back = served.browser("office").let_in("kaisa").await;
    back.invite(KUURA, AINO).await.done();
}
