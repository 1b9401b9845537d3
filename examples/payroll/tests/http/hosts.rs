//! Two hosts on one PostgreSQL.

use pinlatch_testkit::{PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::json;

use super::served::{Browser, Database, Served};

const HOURS: &str = "/api/companies/00000000-0000-0000-0000-000000000001/hours";

/// The same browser at another host.
fn same(phone: &Browser, host: &Served, place: &str) -> Browser {
    let there = host.browser(place);
    there.cookies.replace(phone.cookies.borrow().clone());
    there
}

#[tokio::test]
async fn two_hosts_on_one_database_are_one() {
    let Some(database) = Database::made("hosts").await else { return };
    let one = Served::with(&[], Some(&database.address));
    let other = one.beside();
    let phone = one.browser("a");
    phone.open("aino").await;

    // Open at one, open at the other; entered at one, read at the other.
    let there = same(&phone, &other, "a");
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/Helsinki").unwrap()).date();
    let day = json!({ "date": today.to_string(), "hours": 8.0, "note": "" });
    there.send(there.request(Method::PUT, HOURS).json(&day)).await.expect(204);
    assert_eq!(phone.get(HOURS).await.json(), json!([day]));

    // Locked at one, locked at the other; opened at the other.
    phone.post("/api/lock", json!({})).await.done();
    there.get("/api/me").await.expect(401);
    there.post("/api/unlock", json!({ "pin": PIN })).await.done();
    there.get("/api/me").await.expect(200);

    // A session of the browser version is one, too, and its end.
    let office = one.browser("office");
    super::office_sign_in::sign_in(&office, "kaisa").await.expect(303);
    let office_there = same(&office, &other, "office");
    office_there.get("/").await.expect(200);
    office.form("/sign-out", &[]).await.expect(303);
    office_there.get("/").await.expect(303);
    drop((one, other));
    database.drop().await;
}

#[tokio::test]
async fn of_wrong_pins_at_two_hosts_at_one_instant_five_are_compared() {
    let Some(database) = Database::made("guesses").await else { return };
    let one = Served::with(&[], Some(&database.address));
    let other = one.beside();
    let phone = one.browser("a");
    phone.open("aino").await;
    phone.post("/api/lock", json!({})).await.done();
    let there = same(&phone, &other, "a");
    let guess = async |host: &Browser| host.post("/api/unlock", json!({ "pin": WRONG_PIN })).await.code();
    let guesses = (0..8).map(|at| guess(if at % 2 == 0 { &phone } else { &there }));
    let mut told: Vec<String> = futures_util::future::join_all(guesses).await;
    // Who found five on their way tries again.
    while told.iter().filter(|code| code.contains("IncorrectPin") || code.contains("Exhausted")).count() < 5 {
        told.push(guess(&there).await);
        assert!(told.len() < 40, "{told:?}");
    }
    let wrong = told.iter().filter(|code| *code == "IncorrectPin").count();
    assert_eq!(wrong, 4, "{told:?}");
    // The right one opens nothing any more, at either.
    for host in [&phone, &there] {
        let refused = host.post("/api/unlock", json!({ "pin": PIN })).await;
        assert!(refused.status >= 400, "{refused:?}");
    }
    drop((one, other));
    database.drop().await;
}
