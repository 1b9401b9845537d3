//! "Users and roles": each command, and each path by which somebody is out.

use pinlatch::people::{Employment, UserAccess, Validity};
use pinlatch_testkit::{ACME, BOLT, PIN, day, since_last_year, today};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Reply;
use super::served::{Served, knows};
use pinlatch::id::{CompanyId, PersonId};

fn of(company: CompanyId, person: PersonId, rest: &str) -> String {
    format!("/admin/companies/{company}/people/{person}{rest}")
}

async fn act(served: &Served, by: PersonId, method: Method, path: &str, body: Value) -> Reply {
    let body = if body.is_null() { None } else { Some(body) };
    served.browse(by, method, path, body).await
}

#[tokio::test]
async fn a_user_is_made_and_unmade() {
    let served = Served::start().await;
    let (kaisa, anna) = (served.administrator().await, served.knows(|new| new.with_bank_credentials()).await);
    let page = |rest: &str| of(ACME, anna, rest);
    served.browse(kaisa, Method::GET, &page(""), None).await.refused("NotAuthorised");
    let job = json!({"first_day": "2026-01-01", "services": ["Travel"]});
    let hired = act(&served, kaisa, Method::POST, &page("/employments"), job.clone()).await.done();
    assert_eq!(hired.body["employments"][0]["services"][0], json!({"service": "Travel"}));
    act(&served, kaisa, Method::POST, &page("/employments"), job).await.refused("NothingToChange");
    let phone = served.open_phone(anna).await;

    let every = json!({});
    act(&served, kaisa, Method::PUT, &page("/services/Salaries"), every.clone()).await.done();
    let closed = act(&served, kaisa, Method::POST, &page("/services/Travel/close"), every).await.done();
    let services = closed.body["employments"][0]["services"].clone();
    assert_eq!(services, json!([{"service": "Travel", "last_day": "2026-11-30"}, {"service": "Salaries"}]));

    act(&served, kaisa, Method::PUT, &page("/access/profile"), json!({"profile": {"name": "Employee"}}))
        .await
        .refused("NotAUser");
    act(&served, kaisa, Method::PUT, &page("/access"), json!({"first_day": "2026-11-01"})).await.done();
    let right = json!({"action": "Read", "function": "WorkingHours", "reach": "Company"});
    let own = json!({"profile": {"name": "Foreman", "rights": [right]}});
    let set = act(&served, kaisa, Method::PUT, &page("/access/profile"), own.clone()).await.done();
    assert_eq!(set.body["access"]["profile"], own["profile"]);
    let granted = act(&served, kaisa, Method::PUT, &page("/access/roles/CompanyAdministrator"), Value::Null)
        .await
        .done();
    assert_eq!(granted.body["access"]["roles"], json!(["CompanyAdministrator"]));
    act(&served, kaisa, Method::DELETE, &page("/access/roles/CompanyAdministrator"), Value::Null)
        .await
        .done();
    let seen = served.browse(kaisa, Method::GET, &page(""), None).await.done();
    assert_eq!(seen.body["access"]["roles"], json!([]));
    assert!(phone.is_open().await);

    for wrong in [
        json!({"profile": {"name": "Foreman"}}),
        json!({"profile": {"name": "Employee", "rights": []}}),
        json!({"profile": {"name": "employee", "rights": []}}),
        json!({"profile": {"name": "Employee ", "rights": []}}),
    ] {
        act(&served, kaisa, Method::PUT, &page("/access/profile"), wrong).await.refused("NameNotUsable");
    }
    let backwards = json!({"first_day": "2026-11-01", "last_day": "2026-10-01"});
    act(&served, kaisa, Method::PUT, &page("/access"), backwards).await.refused("DateNotUsable");
    act(&served, kaisa, Method::PUT, &page("/access"), json!({"first_day": "2026-13-01"}))
        .await
        .refused("BodyMalformed");
    act(&served, kaisa, Method::PUT, &page("/access/roles/King"), Value::Null).await.refused("RouteUnknown");
}

#[tokio::test]
async fn an_administrator_is_told_of_the_own_company_alone() {
    let served = Served::start().await;
    let kaisa = served.administrator().await;
    let both = served
        .knows(|person| {
            let elsewhere = UserAccess::new(BOLT, since_last_year());
            let job = Employment::new(BOLT, since_last_year());
            person
                .with_employment(job)
                .with_user_access(elsewhere)
                .with_employment(Employment::new(ACME, since_last_year()))
        })
        .await;
    let seen = served.browse(kaisa, Method::GET, &of(ACME, both, ""), None).await.done();
    assert_eq!(seen.body["employments"].as_array().unwrap().len(), 1);
    assert!(seen.body.get("access").is_none());
    let changed =
        act(&served, kaisa, Method::PUT, &of(ACME, both, "/services/Travel"), json!({})).await.done();
    assert!(!changed.body.to_string().contains(&BOLT.to_string()));
    assert_eq!(changed.body["employments"].as_array().unwrap().len(), 1);
    served.browse(kaisa, Method::GET, &of(BOLT, both, ""), None).await.refused("NotAuthorised");
    // Somebody of another company, and nobody at all, are answered alike.
    let theirs =
        served.knows(|person| person.with_employment(Employment::new(BOLT, since_last_year()))).await;
    let nobody = pinlatch_testkit::person(424_242);
    let one = served.browse(kaisa, Method::GET, &of(ACME, theirs, ""), None).await;
    let other = served.browse(kaisa, Method::GET, &of(ACME, nobody, ""), None).await;
    assert_eq!((one.status, one.body), (other.status, other.body));
}

#[tokio::test]
async fn only_a_browser_session_administers() {
    let served = Served::start().await;
    let (kaisa, anna) = (served.administrator().await, served.employee().await);
    let phone = served.open_phone(kaisa).await;
    let bearer = format!("Bearer {}", phone.session.as_deref().unwrap());
    let headers = [("authorization", bearer.as_str()), ("pinlatch-device", phone.device.as_deref().unwrap())];
    for path in ["/account", ""] {
        let reply = super::client::send(&served, Method::GET, &of(ACME, anna, path), &headers, None).await;
        assert_eq!(reply.refused("BrowserSessionRequired").status, 401);
    }
    served.browse(anna, Method::GET, "/admin/session", None).await.refused("NotAUser");
    served.browse(kaisa, Method::GET, "/admin/session", None).await.done();
    let wish = json!({"company": ACME.to_string(), "action": "Read", "function": "UsersAndRoles", "owner": anna.to_string()});
    let allowed = act(&served, kaisa, Method::POST, "/admin/check", wish.clone()).await.done();
    assert_eq!(allowed.text("rule"), "AdministratorRole");
    phone.post("/check", wish.clone()).await.refused("NotAuthorised");
    let mut by_pin = wish;
    by_pin["by_pin_within_seconds"] = json!(60);
    act(&served, kaisa, Method::POST, "/admin/check", by_pin).await.refused("BodyMalformed");
}

#[tokio::test]
async fn invitations_are_issued_withdrawn_and_seen() {
    let served = Served::start().await;
    let (kaisa, anna) = (served.administrator().await, served.employee().await);
    let invitation = of(ACME, anna, "/invitation");
    act(&served, kaisa, Method::DELETE, &invitation, Value::Null).await.refused("NoInvitation");
    act(&served, kaisa, Method::POST, &invitation, Value::Null).await.done();
    let seen = served.browse(kaisa, Method::GET, &of(ACME, anna, "/account"), None).await.done();
    assert_eq!(seen.body["invitation"]["by"], kaisa.to_string());
    assert_eq!(seen.text("standing"), "Good");
    act(&served, kaisa, Method::DELETE, &invitation, Value::Null).await.done();
    act(&served, anna, Method::POST, &invitation, Value::Null).await.refused("NotAuthorised");
}

/// One wipes one device, the others all of them; each at once, with nobody asking.
#[tokio::test]
async fn every_path_that_deactivates_a_person_ends_the_sessions() {
    let yesterday = json!({"last_day": "2026-11-21"});
    let paths = [
        (Method::POST, "/employments/end", yesterday.clone()),
        (Method::POST, "/access/end", yesterday),
        (Method::POST, "/log-out-everywhere", Value::Null),
        (Method::DELETE, "/devices/{device}", Value::Null),
    ];
    for (method, path, body) in paths {
        let served = Served::start().await;
        let kaisa = served.administrator().await;
        let is_access = path.starts_with("/access");
        let anna = served
            .knows(|person| {
                let person = person.with_bank_credentials();
                let access = UserAccess::new(ACME, since_last_year());
                if is_access { person.with_user_access(access) } else { super::served::employee(person) }
            })
            .await;
        let (phone, bystander) =
            (served.open_phone(anna).await, served.open_phone(served.employee().await).await);
        let path = path.replace("{device}", &phone.id);
        act(&served, kaisa, method, &of(ACME, anna, &path), body).await.done();
        phone.get("/session").await.refused("SessionRequired");
        assert_ne!(phone.next().await, "UseApp", "{path}");
        let mut phone = phone;
        assert_ne!(phone.unlock(PIN).await.code(), "done", "{path}");
        assert!(bystander.is_open().await);
    }
}

/// The host's own ways: facts that change elsewhere, a nightly `reassess`, erasing.
#[tokio::test]
async fn facts_that_change_elsewhere_end_sessions_too() {
    let served = Served::start().await;
    let anna = served.employee().await;
    let phone = served.open_phone(anna).await;
    served.gate.erase(anna).await.unwrap();
    phone.get("/session").await.refused("SessionRequired");

    // A sign-in that was begun before the erasing, or within the skew of it, is void.
    served.clock.advance(pinlatch_testkit::minutes(3));
    let phone = served.open_phone(anna).await;
    let ended = Validity::between(day(2025, 1, 1), day(2026, 11, 21)).unwrap();
    let leaver = Employment::new(ACME, ended);
    knows(&served.gate, anna, |person| pinlatch::people::Person::new(person.id()).with_employment(leaver))
        .await;
    served.gate.reassess(anna).await.unwrap();
    phone.get("/session").await.refused("SessionRequired");
    assert_eq!(phone.next().await, "Authenticate");
    assert!(today() > day(2026, 11, 21));
}
