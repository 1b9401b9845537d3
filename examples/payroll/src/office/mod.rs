//! The browser version: "Users and roles". Users only: being an employee is not enough (R18, R19).
//!
//! | file | what it is |
//! |---|---|
//! | `visitor` | who is signed in, let in by the gate with every request |
//! | `known` | what an administrator may see: the own company's people, their accounts as far as the gate tells |
//! | `pages` | the people of each company; what a user sees who administers nobody |
//! | `one` | everything about one person |
//! | `newcomer` | adding somebody |
//! | `words` | what the pages say, in English and Finnish |
//!
//! What is changed is changed at `/api`, by the routes of pinlatch-axum alone; `static/office.js` sends the forms there.

mod known;
mod newcomer;
mod one;
mod pages;
mod sessions;
mod sign_in;
mod visitor;
pub(crate) mod words;

use axum::Router;
use axum::extract::{Form, Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use pinlatch_axum::{admin_routes, people_routes, with_problems};
use serde::Deserialize;

use crate::payroll::Payroll;
use crate::phone::{Jar, Keep};

pub(crate) use sessions::BrowserSessions;

/// What the host name of the browser version serves.
pub(crate) fn router(payroll: &Payroll) -> Router {
    let own =
        Router::new().route("/companies/{company}/people", post(newcomer::add)).with_state(payroll.clone());
    let people = people_routes(payroll.app.clone())
        .route_layer(middleware::from_fn_with_state(payroll.clone(), known::of_the_company_only));
    let api = admin_routes(payroll.app.clone()).merge(people).merge(own);
    let pages = Router::new()
        .route("/", get(pages::people))
        .route("/companies/{company}/people/new", get(pages::new_person))
        .route("/companies/{company}/people/{person}", get(pages::person))
        .route("/language", post(language))
        .fallback(pages::not_found)
        .with_state(payroll.clone());
    Router::new()
        .nest("/api", with_problems(api, &payroll.app))
        .merge(pages)
        .merge(sign_in::router(payroll))
        .layer(middleware::from_fn_with_state(payroll.clone(), as_chosen))
}

/// The language that somebody has chosen goes before what the browser asks for.
async fn as_chosen(State(payroll): State<Payroll>, mut request: Request, next: Next) -> Response {
    let chosen = Jar::of(&payroll.settings, request.headers()).get(Keep::Language).map(HeaderValue::from_str);
    if let Some(Ok(tag)) = chosen {
        request.headers_mut().insert(header::ACCEPT_LANGUAGE, tag);
    }
    next.run(request).await
}

/// Which language, and which page to come back to.
#[derive(Deserialize)]
struct Chosen {
    language: String,
    back: String,
}

async fn language(State(payroll): State<Payroll>, request: Request) -> Response {
    let jar = Jar::of(&payroll.settings, request.headers());
    let Ok(Form(Chosen { language, back })) = axum::RequestExt::extract(request).await else {
        return Redirect::to("/").into_response();
    };
    // A path of ours, and no other host's address.
    let is_path = back.starts_with('/')
        && !back.starts_with("//")
        && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let back = if is_path { back } else { "/".to_owned() };
    let tag = if language == "fi" { "fi" } else { "en" };
    crate::phone::with_cookies(Redirect::to(&back).into_response(), [jar.set(Keep::Language, tag)])
}
