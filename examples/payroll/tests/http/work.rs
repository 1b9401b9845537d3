//! Payslips, hours and travel: who sees and enters whose, and what an entry has to be.

use jiff::ToSpan;
use jiff::civil::Date;
use pinlatch_testkit::PIN;
use reqwest::Method;
use serde_json::{Value, json};

use super::served::{Browser, Reply, Served};

const KUURA: &str = "00000000-0000-0000-0000-000000000001";
const HALLA: &str = "00000000-0000-0000-0000-000000000002";
const AINO: &str = "00000000-0000-0000-0000-000000000001";
const KAISA: &str = "00000000-0000-0000-0000-000000000002";
const BO: &str = "00000000-0000-0000-0000-000000000007";
const NOBODY: &str = "00000000-0000-0000-0000-000000000099";

/// The route of one kind of data in Kuura; of somebody's, or one's own.
fn of(what: &str, owner: Option<&str>) -> String {
    let owner = owner.map(|owner| format!("/{owner}")).unwrap_or_default();
    format!("/api/companies/{KUURA}/{what}{owner}")
}

async fn put(phone: &Browser, path: &str, body: &Value) -> Reply {
    phone.send(phone.request(Method::PUT, path).json(body)).await
}

/// The day where the companies are.
fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::get("Europe/Helsinki").unwrap()).date()
}

fn before(days: i64) -> String {
    today().checked_sub(days.days()).unwrap().to_string()
}

fn day(hours: f64) -> Value {
    json!({ "date": before(0), "hours": hours, "note": "" })
}

fn trip(destination: &str) -> Value {
    json!({ "date": before(0), "destination": destination, "expenses_cents": 12_50 })
}

async fn phone_of(served: &Served, place: &str, subject: &str) -> Browser {
    let phone = served.browser(place);
    phone.open(subject).await;
    phone
}

#[tokio::test]
async fn an_employee_sees_and_enters_the_own_and_nobody_elses() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    let me = aino.get("/api/me").await.json();
    assert_eq!(me["name"], "Aino Virtanen");
    let functions = json!(["SalaryInformation", "WorkingHours", "TravelExpenseReports"]);
    let companies = me["companies"].as_array().unwrap();
    assert_eq!(companies.len(), 1, "{me}");
    let [mut had, mut wanted] = [&companies[0]["functions"], &functions].map(|list| {
        list.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    });
    had.sort();
    wanted.sort();
    assert_eq!(had, wanted);

    // The last three full months, 28 % of 3,120.00 to the tax office.
    let months: Vec<_> = (1..=3)
        .map(|back| today().checked_sub(back.months()).unwrap().strftime("%Y-%m").to_string())
        .map(|month| json!({ "month": month, "gross_cents": 312_000, "tax_cents": 87_360, "net_cents": 224_640 }))
        .collect();
    for own in [None, Some(AINO)] {
        assert_eq!(aino.get(&of("payslips", own)).await.expect(200).json(), json!(months));
    }
    put(&aino, &of("hours", None), &day(7.25)).await.expect(204);
    aino.post(&of("trips", None), trip("Oulu")).await.expect(204);
    assert_eq!(aino.get(&of("hours", Some(AINO))).await.json(), json!([day(7.25)]));
    assert_eq!(aino.get(&of("trips", Some(AINO))).await.json(), json!([trip("Oulu")]));

    // R25, R22: of others nothing, and who is unknown is refused as who is known.
    for other in [KAISA, BO, NOBODY] {
        for what in ["payslips", "hours", "trips"] {
            aino.get(&of(what, Some(other))).await.expect(403).refused("NotOwnData");
        }
        put(&aino, &of("hours", Some(other)), &day(8.0)).await.expect(403).refused("NotOwnData");
        aino.post(&of("trips", Some(other)), trip("Oulu")).await.expect(403).refused("NotOwnData");
    }
    let own = aino.get(&format!("/api/companies/{KUURA}/people")).await.json();
    assert_eq!(own.as_array().unwrap().len(), 1, "{own}");
    assert_eq!(own[0]["id"], AINO);
    // R24: the three functions of Salaries and Travel; payslips are nobody's to enter.
    assert_eq!(own[0]["sees"], json!(["SalaryInformation", "WorkingHours", "TravelExpenseReports"]));
    assert_eq!(own[0]["enters"], json!(["WorkingHours", "TravelExpenseReports"]));
    // Nothing of another company's, nor of one that there is not.
    for company in [HALLA, NOBODY] {
        let answer = aino.get(&format!("/api/companies/{company}/payslips")).await.expect(403);
        assert!(answer.json().is_object(), "{answer:?}");
        sees_nobody(&aino, company).await;
    }
    for nonsense in [
        "/api/companies/x/hours",
        "/api/companies/1/hours",
        &of("hours", Some("x")),
        "/api/companies/x/people",
    ] {
        aino.get(nonsense).await.expect(404).refused("RouteUnknown");
    }
}

/// Whose data can be chosen there: at most the own, of which nothing is seen or entered.
async fn sees_nobody(phone: &Browser, company: &str) {
    let listed = phone.get(&format!("/api/companies/{company}/people")).await.expect(200).json();
    for person in listed.as_array().unwrap() {
        assert_eq!(
            (&person["own"], &person["sees"], &person["enters"]),
            (&json!(true), &json!([]), &json!([]))
        );
    }
}

#[tokio::test]
async fn the_employee_profile_is_within_the_services() {
    let served = Served::start();
    // R23 and R22: Salaries, not Travel.
    let kaisa = phone_of(&served, "a", "kaisa").await;
    assert_eq!(kaisa.get(&of("payslips", None)).await.expect(200).json()[0]["gross_cents"], 387_000);
    put(&kaisa, &of("hours", None), &day(8.0)).await.expect(204);
    kaisa.get(&of("trips", None)).await.expect(403);
    kaisa.post(&of("trips", None), trip("Oulu")).await.expect(403);
    // E31: the administrator's role alone reads nobody's payroll data.
    kaisa.get(&of("payslips", Some(AINO))).await.expect(403).refused("NotOwnData");
}

#[tokio::test]
async fn a_payroll_accountant_reads_what_everybody_earns_and_works_and_enters_nothing() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    put(&aino, &of("hours", None), &day(6.5)).await.expect(204);
    let saara = phone_of(&served, "b", "saara").await;
    assert_eq!(saara.get(&of("payslips", Some(AINO))).await.expect(200).json()[0]["net_cents"], 224_640);
    assert_eq!(saara.get(&of("hours", Some(AINO))).await.expect(200).json(), json!([day(6.5)]));
    put(&saara, &of("hours", Some(AINO)), &day(1.0)).await.expect(403);
    saara.get(&of("trips", Some(AINO))).await.expect(403);
    saara.post(&of("trips", Some(AINO)), trip("Oulu")).await.expect(403);
    // D12: no employee, so nothing of the own; R22: nobody who has nothing to do with the company.
    saara.get(&of("payslips", None)).await.expect(403);
    for other in [BO, NOBODY] {
        saara.get(&of("payslips", Some(other))).await.expect(403);
    }
    let people = saara.get(&format!("/api/companies/{KUURA}/people")).await.expect(200).json();
    let seen = people.as_array().unwrap().iter().filter(|person| person["sees"] != json!([]));
    let names: Vec<_> = seen.map(|person| person["name"].as_str().unwrap()).collect();
    assert!(people.as_array().unwrap().iter().all(|person| person["enters"] == json!([])), "{people}");
    // Who has Salaries there; Eero has no service.
    assert_eq!(names, ["Aino Virtanen", "Kaisa Koski", "Marek Nowak"]);
    assert_eq!(aino.get(&of("hours", None)).await.json(), json!([day(6.5)]));
}

#[tokio::test]
async fn administrators_who_are_no_employees_see_no_payroll_data() {
    let served = Served::start();
    for (place, subject) in [("a", "pekka"), ("b", "bo")] {
        let phone = phone_of(&served, place, subject).await;
        assert_eq!(phone.get("/api/me").await.expect(200).json()["companies"], json!([]), "{subject}");
        for company in [KUURA, HALLA] {
            for what in ["payslips", "hours", "trips"] {
                let route = format!("/api/companies/{company}/{what}");
                phone.get(&route).await.expect(403);
                phone.get(&format!("{route}/{AINO}")).await.expect(403);
            }
            put(&phone, &format!("/api/companies/{company}/hours/{AINO}"), &day(8.0)).await.expect(403);
            sees_nobody(&phone, company).await;
        }
    }
}

#[tokio::test]
async fn each_field_of_the_hours_is_looked_at() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    let path = of("hours", None);
    let with = |name: &str, value: Value| {
        let mut entry = day(8.0);
        entry[name] = value;
        entry
    };
    let (longest, too_long) = ("n".repeat(64), "n".repeat(65));
    let wrong = [
        ("hours", json!(-0.25), 422, "HoursNotUsable"),
        ("hours", json!(24.25), 422, "HoursNotUsable"),
        ("hours", json!(7.3), 422, "HoursNotUsable"),
        ("hours", json!(1e308), 422, "HoursNotUsable"),
        ("hours", json!("8"), 400, "BodyMalformed"),
        ("hours", Value::Null, 400, "BodyMalformed"),
        ("date", json!(before(-1)), 422, "DateNotUsable"),
        ("date", json!(before(63)), 422, "DateNotUsable"),
        ("date", json!("9999-12-31"), 422, "DateNotUsable"),
        ("date", json!("2026-02-30"), 400, "BodyMalformed"),
        ("date", json!("yesterday"), 400, "BodyMalformed"),
        ("note", json!(too_long), 422, "NoteNotUsable"),
        ("note", json!("a\u{0}b"), 422, "NoteNotUsable"),
        ("note", json!("a\nb"), 422, "NoteNotUsable"),
        ("note", json!("\u{202e}desrever"), 422, "NoteNotUsable"),
        ("note", Value::Null, 400, "BodyMalformed"),
        ("owner", json!(KAISA), 400, "BodyMalformed"),
    ];
    for (name, value, status, code) in wrong {
        let refused = put(&aino, &path, &with(name, value.clone())).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{name} {value}: {refused:?}");
        assert_eq!(refused.header("content-type"), Some("application/problem+json"));
    }
    assert_eq!(aino.get(&path).await.json(), json!([]));
    // In Finnish, to who reads that.
    let finnish = aino.request(Method::PUT, &path).header("accept-language", "fi").json(&day(25.0));
    assert_eq!(aino.send(finnish).await.json()["detail"], "Tunteja on 0–24, neljännestunnin tarkkuudella.");
    // At the bounds; a day entered again is the day as it was entered last; the newest first.
    for (date, hours, note) in
        [(before(62), 0.0, ""), (before(0), 24.0, "x"), (before(0), 0.25, longest.as_str())]
    {
        put(&aino, &path, &json!({ "date": date, "hours": hours, "note": note })).await.expect(204);
    }
    let both = json!([
        { "date": before(0), "hours": 0.25, "note": longest },
        { "date": before(62), "hours": 0.0, "note": "" },
    ]);
    assert_eq!(aino.get(&path).await.json(), both);
}

#[tokio::test]
async fn each_field_of_a_trip_is_looked_at() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    let path = of("trips", None);
    let with = |name: &str, value: Value| {
        let mut entry = trip("Oulu");
        entry[name] = value;
        entry
    };
    let wrong = [
        ("destination", json!(""), 422, "DestinationNotUsable"),
        ("destination", json!("d".repeat(65)), 422, "DestinationNotUsable"),
        ("destination", json!("a\tb"), 422, "DestinationNotUsable"),
        ("expenses_cents", json!(1_000_001), 422, "ExpensesNotUsable"),
        ("expenses_cents", json!(-1), 400, "BodyMalformed"),
        ("expenses_cents", json!(1.5), 400, "BodyMalformed"),
        ("expenses_cents", json!(4_294_967_296_u64), 400, "BodyMalformed"),
        ("date", json!(before(-1)), 422, "DateNotUsable"),
        ("date", json!(before(63)), 422, "DateNotUsable"),
        ("more", json!(1), 400, "BodyMalformed"),
    ];
    for (name, value, status, code) in wrong {
        let refused = aino.post(&path, with(name, value.clone())).await;
        assert_eq!((refused.status, refused.code().as_str()), (status, code), "{name} {value}: {refused:?}");
    }
    assert_eq!(aino.get(&path).await.json(), json!([]));
    let dearest = json!({ "date": before(62), "destination": "Äkäslompolo", "expenses_cents": 1_000_000 });
    // Two trips of one day are two.
    for entry in [&dearest, &trip("Oulu"), &trip("Oulu")] {
        aino.post(&path, entry.clone()).await.expect(204);
    }
    assert_eq!(aino.get(&path).await.json(), json!([trip("Oulu"), trip("Oulu"), dearest]));
}

#[tokio::test]
async fn there_is_an_end_to_the_trips_of_62_days() {
    let served = Served::with(&["--requests-a-second", "1000"], None);
    let aino = phone_of(&served, "a", "aino").await;
    let path = of("trips", None);
    for _ in 0..100 {
        aino.post(&path, trip("Oulu")).await.expect(204);
    }
    aino.post(&path, trip("Oulu")).await.expect(422).refused("TooManyTrips");
    assert_eq!(aino.get(&path).await.json().as_array().unwrap().len(), 100);
}

#[tokio::test]
async fn what_is_no_json_or_too_long_is_refused() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    let path = of("trips", None);
    for (body, status, code) in
        [("{", 400, "BodyMalformed"), ("", 400, "BodyMalformed"), ("[]", 400, "BodyMalformed")]
    {
        let request = aino.request(Method::POST, &path).header("content-type", "application/json");
        aino.send(request.body(body)).await.expect(status).refused(code);
    }
    let long = json!({ "date": before(0), "destination": "d".repeat(1_000_000), "expenses_cents": 1 });
    aino.post(&path, long).await.expect(413).refused("BodyTooLarge");
    let form = aino.form(&path, &[("destination", "Oulu")]).await;
    form.expect(415).refused("BodyNotJson");
    for path in ["/language", "/around/rooted", "/sign-in/go"] {
        aino.form(path, &[("language", "fi")]).await.expect(415).refused("BodyNotJson");
        aino.post(path, json!([])).await.expect(400).refused("BodyMalformed");
    }
    aino.send(aino.request(Method::DELETE, &path)).await.expect(405).refused("MethodUnknown");
}

#[tokio::test]
async fn nothing_is_read_or_entered_while_the_app_is_not_open() {
    let served = Served::start();
    let phone = served.browser("a");
    let routes = ["/api/me".to_owned(), of("payslips", None), of("hours", None), of("trips", None)];
    let refused = async |code: &str| {
        for route in &routes {
            phone.get(route).await.expect(401).refused(code);
        }
        put(&phone, &of("hours", None), &day(8.0)).await.expect(401).refused(code);
    };
    refused("SessionRequired").await;
    phone.sign_in("aino").await.expect(303);
    refused("SessionRequired").await;
    phone.post("/api/pin", json!({ "pin": PIN, "confirmation": PIN })).await.done();
    let session = phone.cookies.borrow()["session"].clone();
    phone.post("/api/lock", json!({})).await.done();
    assert!(!phone.cookies.borrow().contains_key("session"));
    // R26: the token of before is dead.
    phone.cookies.borrow_mut().insert("session".to_owned(), session);
    refused("SessionRequired").await;
}

#[tokio::test]
async fn a_service_that_is_withdrawn_takes_its_functions_along_at_the_next_request() {
    let served = Served::start();
    let aino = phone_of(&served, "a", "aino").await;
    aino.post(&of("trips", None), trip("Oulu")).await.expect(204);
    let office = served.browser("office");
    super::office_sign_in::sign_in(&office, "kaisa").await.expect(303);
    let service = format!("/api/companies/{KUURA}/people/{AINO}/services/Travel/close");
    office.post(&service, json!({})).await.done();
    // Closing takes effect at the end of the month; what is in effect meanwhile goes on.
    aino.get(&of("trips", None)).await.expect(200);
}

#[tokio::test]
async fn d29_e23_a_leaver_enters_the_last_hours_for_30_days_and_is_out_then() {
    for (ago, is_in) in [(1, true), (30, true), (31, false)] {
        let served = Served::start();
        let aino = phone_of(&served, "a", "aino").await;
        let office = served.browser("office");
        super::office_sign_in::sign_in(&office, "kaisa").await.expect(303);
        let ending = format!("/api/companies/{KUURA}/people/{AINO}/employments/end");
        office.post(&ending, json!({ "last_day": before(ago) })).await.done();
        if is_in {
            let on = |date: String| json!({ "date": date, "hours": 8.0, "note": "" });
            put(&aino, &of("hours", None), &on(before(ago))).await.expect(204);
            // The last hours, and none after the last day.
            put(&aino, &of("hours", None), &on(before(ago - 1))).await.expect(422).refused("DateNotUsable");
            aino.post(&of("trips", None), trip("Oulu")).await.expect(422).refused("DateNotUsable");
            aino.get(&of("payslips", None)).await.expect(200);
            aino.get("/api/me").await.expect(200);
        } else {
            // She stands nowhere, and is out with the next request.
            for what in ["payslips", "hours", "trips"] {
                assert!(aino.get(&of(what, None)).await.status >= 400, "{what}");
            }
            put(&aino, &of("hours", None), &day(8.0)).await.expect(401);
            aino.get("/api/me").await.expect(401);
            let back = aino.sign_in("aino").await;
            assert_eq!(back.header("location"), Some("/?problem=NotEligible"));
        }
    }
}
