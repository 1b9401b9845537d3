//! Every endpoint of a phone in every state of its session: a table that is checked in, for people to read.

use std::fmt::Write as _;

use pinlatch_testkit::{ACME, ANOTHER_PIN, PIN, WRONG_PIN};
use reqwest::Method;
use serde_json::{Value, json};

use super::client::Phone;
use super::served::{Served, knows};

const STATES: [&str; 8] = [
    "no tokens",
    "LoggedOut",
    "PinPending",
    "Authenticated",
    "Locked",
    "PinExhausted",
    "RevokedAll",
    "left the company",
];

/// Each operation with a body that is right in itself.
fn requests(phone: &Phone<'_>) -> Vec<(Method, String, Value)> {
    let (get, put, post, delete, patch) =
        (Method::GET, Method::PUT, Method::POST, Method::DELETE, Method::PATCH);
    let anna = phone.owner.to_string();
    let face = json!({"modality": "Face", "recognised": true, "set": "mine"});
    let wish = json!({"company": ACME.to_string(), "action": "Read", "function": "SalaryInformation", "owner": anna});
    let change = json!({"current": PIN, "pin": ANOTHER_PIN, "confirmation": ANOTHER_PIN});
    let device = format!("/devices/{}", if phone.id.is_empty() { &anna } else { &phone.id });
    let nothing = Value::Null;
    let line = |method: &Method, path: &str, body: &Value| (method.clone(), path.to_owned(), body.clone());
    vec![
        line(&post, "/sign-in/begin", &json!({})),
        line(&post, "/sign-in", &nothing),
        line(&post, "/sign-in/cancel", &json!({"flow": "0".repeat(32)})),
        line(&post, "/pin", &json!({"pin": PIN, "confirmation": PIN})),
        line(&put, "/pin", &change),
        line(&post, "/unlock", &json!({ "pin": PIN })),
        line(&post, "/unlock/biometric", &face),
        line(&put, "/biometrics", &face),
        line(&delete, "/biometrics/Face", &nothing),
        line(&get, "/device", &nothing),
        line(&post, "/device/integrity", &nothing),
        line(&post, "/lock", &nothing),
        line(&post, "/acknowledge", &nothing),
        line(&post, "/log-out", &nothing),
        line(&post, "/log-out-everywhere", &nothing),
        line(&get, "/session", &nothing),
        line(&post, "/check", &wish),
        line(&get, &format!("/companies/{ACME}/functions"), &nothing),
        line(&get, "/devices", &nothing),
        line(&patch, &device, &json!({"label": "another"})),
        line(&delete, &device, &nothing),
        line(&post, "/devices/log-out-others", &nothing),
    ]
}

async fn brought_to<'s>(served: &'s Served, state: &str) -> Phone<'s> {
    let anna = served.employee().await;
    let mut phone = served.phone(anna);
    if state == "no tokens" {
        return phone;
    }
    phone.sign_in().await.done();
    if state == "PinPending" {
        return phone;
    }
    phone.create_pin(PIN).await.done();
    match state {
        "LoggedOut" => drop(phone.touch("/log-out").await.done()),
        "Locked" => drop(phone.lock().await.done()),
        "PinExhausted" => {
            for _ in 0..5 {
                phone.unlock(WRONG_PIN).await;
            }
        }
        "RevokedAll" => drop(phone.touch("/log-out-everywhere").await.done()),
        "left the company" => {
            knows(&served.gate, anna, |person| pinlatch::people::Person::new(person.id())).await;
        }
        _ => {}
    }
    phone
}

async fn cell(phone: &Phone<'_>, (method, path, body): (Method, String, Value)) -> String {
    let reply = if path == "/sign-in" {
        let flow = phone.post("/sign-in/begin", json!({})).await.done().text("flow");
        phone.post(&path, phone.proof(&flow, None)).await
    } else {
        phone.send(method, &path, if body.is_null() { None } else { Some(body) }).await
    };
    let code = reply.code().to_owned();
    if code == "done" { reply.status.to_string() } else { format!("{} {code}", reply.status) }
}

#[tokio::test]
async fn every_endpoint_in_every_state() {
    let served = Served::start().await;
    let mut lines: Vec<String> = Vec::new();
    for state in STATES {
        let count = requests(&served.phone(pinlatch_testkit::person(1))).len();
        for number in 0..count {
            let phone = brought_to(&served, state).await;
            let request = requests(&phone).swap_remove(number);
            if lines.len() <= number {
                let path = request
                    .1
                    .replace(&ACME.to_string(), "{company}")
                    .replace(&phone.owner.to_string(), "{device}");
                lines.push(format!("| `{} {path}`", request.0));
            }
            let answer = cell(&phone, request).await;
            write!(lines[number], " | {answer}").unwrap();
        }
    }
    let mut table = format!("| | {} |\n|---|{}\n", STATES.join(" | "), "---|".repeat(STATES.len()));
    lines.iter().for_each(|line| writeln!(table, "{line} |").unwrap());
    super::blessed("tests/http/table.md", &table);
}

/// Each operation of an administrator on this person, with a body that is right in itself.
fn of_an_administrator(phone: &Phone<'_>) -> Vec<(Method, String, Value)> {
    let (get, put, post, delete) = (Method::GET, Method::PUT, Method::POST, Method::DELETE);
    let device =
        format!("/devices/{}", if phone.id.is_empty() { phone.owner.to_string() } else { phone.id.clone() });
    let (nothing, day) = (Value::Null, json!({"last_day": "2026-11-21"}));
    let period = json!({"first_day": "2026-11-01"});
    let job = json!({"first_day": "2026-11-01", "services": ["Travel"]});
    let line = |method: &Method, path: &str, body: &Value| (method.clone(), path.to_owned(), body.clone());
    vec![
        line(&get, "/account", &nothing),
        line(&post, "/invitation", &nothing),
        line(&delete, "/invitation", &nothing),
        line(&post, "/log-out-everywhere", &nothing),
        line(&delete, &device, &nothing),
        line(&get, "", &nothing),
        line(&post, "/employments", &job),
        line(&post, "/employments/end", &day),
        line(&put, "/services/Travel", &json!({})),
        line(&post, "/services/Travel/close", &json!({})),
        line(&put, "/access", &period),
        line(&post, "/access/end", &day),
        line(&put, "/access/profile", &json!({"profile": {"name": "Employee"}})),
        line(&put, "/access/roles/UserAdministrator", &nothing),
        line(&delete, "/access/roles/UserAdministrator", &nothing),
    ]
}

#[tokio::test]
async fn every_endpoint_of_an_administrator_in_every_state() {
    let served = Served::start().await;
    let kaisa = served.administrator().await;
    let mut lines: Vec<String> = Vec::new();
    for state in STATES {
        let count = of_an_administrator(&served.phone(kaisa)).len();
        for number in 0..count {
            let phone = brought_to(&served, state).await;
            let (method, path, body) = of_an_administrator(&phone).swap_remove(number);
            if lines.len() <= number {
                lines.push(format!("| `{method} …{}`", path.replace(&phone.owner.to_string(), "{device}")));
            }
            let body = if body.is_null() { None } else { Some(body) };
            let whole = format!("/admin/companies/{ACME}/people/{}{path}", phone.owner);
            // Nobody but the administrator, in any state.
            let by_oneself = served.browse(phone.owner, method.clone(), &whole, body.clone()).await;
            assert_eq!(by_oneself.code(), "NotAuthorised", "{method} {whole}");
            let reply = served.browse(kaisa, method, &whole, body).await;
            let code = reply.code().to_owned();
            let answer =
                if code == "done" { reply.status.to_string() } else { format!("{} {code}", reply.status) };
            write!(lines[number], " | {answer}").unwrap();
        }
    }
    let mut table = format!("| | {} |\n|---|{}\n", STATES.join(" | "), "---|".repeat(STATES.len()));
    lines.iter().for_each(|line| writeln!(table, "{line} |").unwrap());
    super::blessed("tests/http/table_of_an_administrator.md", &table);
}
