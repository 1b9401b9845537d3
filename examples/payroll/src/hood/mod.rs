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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Cell, Duration, SessionState, TABLE, span, table};

    const DIAGRAM: &str = include_str!("../../templates/diagram.svg");

    fn attribute<'s>(element: &'s str, name: &str) -> Option<&'s str> {
        let (_, value) = element.split_once(&format!(" {name}=\""))?;
        value.split('"').next()
    }

    #[test]
    fn every_state_is_drawn_once_with_room_for_who_is_in_it() {
        let drawn: Vec<_> = DIAGRAM.split("<g class=\"state\"").skip(1).collect();
        let states: Vec<_> = drawn.iter().filter_map(|state| attribute(state, "data-state")).collect();
        assert_eq!(states, SessionState::ALL.map(|state| state.to_string()));
        assert!(drawn.iter().all(|state| state.contains("class=\"who\"")));
    }

    /// By the table that the crate decides by: no arrow is missing, and none is drawn that nobody can take.
    #[test]
    fn the_diagram_has_the_tables_transitions_and_no_other() {
        let drawn = DIAGRAM.split("<g class=\"arrow\"").skip(1).flat_map(|arrow| {
            let to = attribute(arrow, "data-to").unwrap_or_default();
            let from = attribute(arrow, "data-from").unwrap_or_default();
            from.split(' ').map(|from| (from.to_owned(), to.to_owned())).collect::<Vec<_>>()
        });
        let decided = TABLE.iter().flat_map(|(_, row)| {
            let leads = |(from, cell): (&SessionState, &Cell)| match cell {
                Cell::To(to) | Cell::Invited(to, _) => Some((from.to_string(), to.to_string())),
                _ => None,
            };
            SessionState::ALL.iter().zip(row).filter_map(leads).collect::<Vec<_>>()
        });
        assert_eq!(drawn.collect::<BTreeSet<_>>(), decided.collect::<BTreeSet<_>>());
    }

    #[test]
    fn the_table_in_words_has_every_command_and_state() {
        let table = table();
        assert_eq!(table.len(), TABLE.len());
        assert!(table.iter().all(|(_, row)| row.len() == SessionState::ALL.len()));
        let cell = |command: &str, state: usize| {
            table.iter().find(|(words, _)| *words == command).and_then(|(_, row)| row.get(state).cloned())
        };
        assert_eq!(cell("lock", 2).as_deref(), Some("→ Locked"));
        assert_eq!(cell("lock", 3).as_deref(), Some("unchanged"));
        assert_eq!(cell("right PIN", 0).as_deref(), Some("AuthenticationRequired"));
        let invited = "with an invitation → PinPending; else ReinvitationRequired";
        assert_eq!(cell("authenticate", 5).as_deref(), Some(invited));
    }

    #[test]
    fn a_span_is_said_in_the_largest_unit_that_it_fills() {
        for (seconds, said) in [(1, "1 s"), (90, "90 s"), (900, "15 min"), (3_600, "1 h"), (86_400, "24 h")] {
            assert_eq!(span(Duration::from_secs(seconds)), said);
        }
    }
}
