//! The stage: phones side by side, each at a host name of its own and so with cookies of its own; and the door that leads there.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::payroll::Payroll;
use crate::phone::rendered;
use crate::places::{self, PHONES};
use crate::safety;
use crate::settings::Settings;
use crate::town::Resident;

/// As many phones are shown at first.
const SHOWN_AT_FIRST: usize = 2;

/// `http://localhost`, which leads to the stage.
pub(crate) fn door(payroll: &Payroll) -> Router {
    Router::new().route("/", get(door_page)).with_state(payroll.clone())
}

pub(crate) fn router(payroll: &Payroll) -> Router {
    Router::new().route("/", get(stage_page)).route("/reachable", get(reachable)).with_state(payroll.clone())
}

/// The stage's origin.
fn stage(settings: &Settings) -> String {
    settings.origin.origin().ascii_serialization()
}

#[derive(Template)]
#[template(path = "door.html")]
struct Door {
    stage: String,
    office: String,
    /// What a line of `/etc/hosts` needs.
    address: String,
    names: Vec<String>,
}

async fn door_page(State(payroll): State<Payroll>) -> Response {
    let settings = &payroll.settings;
    let base = settings.origin.host_str().unwrap_or_default();
    let parts = PHONES.iter().chain(&["office", "bank"]).map(|name| format!("{name}.{base}"));
    rendered(&Door {
        stage: stage(settings),
        office: places::origin(settings, "office"),
        address: settings.listening.ip().to_string(),
        names: std::iter::once(base.to_owned()).chain(parts).collect(),
    })
}

/// What the door's script asks, to see whether this browser finds the stage's name.
async fn reachable(State(payroll): State<Payroll>) -> Response {
    let allowed = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, safety::door(&payroll.settings))];
    (StatusCode::NO_CONTENT, allowed).into_response()
}

#[derive(Template)]
#[template(path = "stage.html")]
struct Stage {
    office: String,
    phones: Vec<Phone>,
    has_more: bool,
    people: Vec<Resident>,
}

struct Phone {
    name: &'static str,
    letter: String,
    origin: String,
    is_shown: bool,
}

#[derive(Deserialize)]
struct Wanted {
    phones: Option<usize>,
}

async fn stage_page(State(payroll): State<Payroll>, Query(wanted): Query<Wanted>) -> Response {
    let settings = &payroll.settings;
    let shown = wanted.phones.unwrap_or(SHOWN_AT_FIRST);
    let phones = PHONES.iter().enumerate().map(|(at, name)| Phone {
        name,
        letter: name.to_uppercase(),
        origin: places::origin(settings, name),
        is_shown: at < shown,
    });
    let people = match payroll.residents().await {
        Ok(residents) => residents.into_iter().map(|(_, resident)| resident).collect(),
        Err(error) => {
            tracing::warn!(error = &error as &dyn std::error::Error, "the stage names nobody");
            Vec::new()
        }
    };
    rendered(&Stage {
        office: places::origin(settings, "office"),
        phones: phones.collect(),
        has_more: shown < PHONES.len(),
        people,
    })
}
