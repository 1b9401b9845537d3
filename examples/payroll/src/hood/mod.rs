//! What goes on under the hood: the state diagram with each device's state lit, the record decoded, and the audit trail as it
//! grows. At home only, and in English: what it shows are the names in the code.
//!
//! | file | what it is |
//! |---|---|
//! | `record` | an account's record, decoded |
//! | `trail` | the audit trail as one list, and how far a stream is in it |
//! | `stream` | both as server-sent events, when they change |

pub(crate) mod record;
mod stream;
mod trail;

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use pinlatch::account::Policy;
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;
use pinlatch::session::{Cell, SessionState, TABLE};
use serde::Deserialize;

use crate::payroll::Payroll;
use crate::phone::rendered;
use crate::safety;
use record::Names;
use stream::Hood;

pub(crate) fn router(payroll: &Payroll) -> Router {
    Router::new()
        .route("/hood", get(page))
        .route("/hood/events", get(stream::events))
        .with_state(Hood::of(payroll))
}

#[derive(Template)]
#[template(path = "hood.html")]
struct Page {
    people: Vec<(PersonId, String)>,
    /// Whose account is looked at.
    person: PersonId,
    name: String,
    engine: String,
    keeps_trail: bool,
    windows: Vec<(&'static str, String)>,
    states: [SessionState; 6],
    table: Vec<(&'static str, Vec<String>)>,
}

#[derive(Deserialize)]
struct Wanted {
    person: Option<PersonId>,
}

async fn page(State(hood): State<Hood>, Query(wanted): Query<Wanted>) -> Response {
    let payroll = &hood.payroll;
    let names = match names(payroll).await {
        Ok(names) => names,
        Err(failed) => return failed,
    };
    let mut people: Vec<(PersonId, String)> = names.into_iter().collect();
    people.sort_by(|(_, one), (_, other)| one.cmp(other));
    let chosen =
        wanted.person.map_or_else(|| people.first(), |id| people.iter().find(|(person, _)| *person == id));
    let Some((person, name)) = chosen.cloned() else {
        return safety::problem(StatusCode::NOT_FOUND, "PersonUnknown", "There is nobody of this id here.");
    };
    rendered(&Page {
        person,
        name,
        people,
        engine: payroll.store.engine().to_string(),
        keeps_trail: payroll.store.engine().keeps_trail(),
        windows: windows(payroll.app.gate().policy()),
        states: SessionState::ALL,
        table: table(),
    })
}

/// Everybody's name.
async fn names(payroll: &Payroll) -> Result<Names, Response> {
    let residents = payroll.residents().await.map_err(|error| {
        tracing::error!(error = &error as &dyn std::error::Error, "nobody's name could be read");
        let detail = RefusalCode::Unavailable.message(pinlatch::refusal::Language::English);
        safety::problem(StatusCode::SERVICE_UNAVAILABLE, "Unavailable", detail)
    })?;
    Ok(residents.into_iter().map(|(id, resident)| (id, resident.name)).collect())
}

/// The windows of the policy, by which what is in the record ends.
fn windows(policy: &Policy) -> Vec<(&'static str, String)> {
    let or_never = |window: Option<Duration>| window.map_or_else(|| "never".to_owned(), span);
    vec![
        ("A sign-in is finished within", span(policy.authentication_window())),
        ("Then a PIN is created within", span(policy.pin_window())),
        ("An open app locks by itself after", or_never(policy.idle_window())),
        ("A device is logged out by itself after", or_never(policy.absolute_lifetime())),
        ("A guess is answered within", span(policy.answer_window())),
        ("Hosts' clocks differ by at most", span(policy.skew())),
        ("An invitation is good for", span(policy.invitation_lifetime())),
    ]
}

fn span(span: Duration) -> String {
    const MINUTE: u64 = 60;
    const HOUR: u64 = 60 * MINUTE;
    match span.as_secs() {
        seconds if seconds >= HOUR && seconds.is_multiple_of(HOUR) => format!("{} h", seconds / HOUR),
        seconds if seconds >= MINUTE && seconds.is_multiple_of(MINUTE) => format!("{} min", seconds / MINUTE),
        seconds => format!("{seconds} s"),
    }
}

/// The diagram as a table, from what the crate itself decides by.
fn table() -> Vec<(&'static str, Vec<String>)> {
    let words = |cell: &Cell| match cell {
        Cell::To(to) => format!("→ {to}"),
        Cell::Unchanged => "unchanged".to_owned(),
        Cell::Refused(code) | Cell::Absent(code) => code.as_str().to_owned(),
        Cell::Invited(to, code) => format!("with an invitation → {to}; else {}", code.as_str()),
    };
    TABLE.iter().map(|(command, row)| (command.words(), row.iter().map(words).collect())).collect()
}
