//! The page that asks who comes, and believes the answer.

use std::error::Error;

use askama::Template;
use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::request::{Asked, Known};
use super::token::code_for;
use super::words::{Words, words};
use crate::payroll::Payroll;
use crate::sign_in::{language, page};

/// The longest subject that is believed, in bytes (OpenID Connect Core 1.0 §2: 255 ASCII characters).
const LONGEST_SUBJECT: usize = 255;

#[derive(Template)]
#[template(path = "bank/who.html")]
struct Who<'p> {
    words: &'static Words,
    asked: &'p Asked,
    redirect_uri: &'p str,
    client_id: &'p str,
    method: &'static str,
    people: Vec<Person>,
}

struct Person {
    name: String,
    about: String,
    subject: String,
}

#[derive(Template)]
#[template(path = "bank/refused.html")]
struct Refused {
    words: &'static Words,
}

/// `GET /authorize`.
pub(super) async fn ask(
    State(payroll): State<Payroll>,
    headers: HeaderMap,
    asked: Result<Query<Asked>, QueryRejection>,
) -> Response {
    let words = words(language(&payroll.settings, &headers));
    let Some(request) = asked.ok().and_then(|Query(asked)| asked.known(&payroll.settings)) else {
        return (StatusCode::BAD_REQUEST, page(&Refused { words })).into_response();
    };
    if let Some(error) = request.error() {
        return Redirect::to(&request.back_with("error", error)).into_response();
    }
    let residents = match payroll.residents().await {
        Ok(residents) => residents,
        Err(error) => return unwell(&request, &error),
    };
    let people = residents.into_iter().map(|(_, resident)| Person {
        name: resident.name,
        about: resident.about,
        subject: resident.subject,
    });
    page(&Who {
        words,
        asked: &request.asked,
        redirect_uri: request.redirect_uri(),
        client_id: request.client_id(),
        method: words.method(request.class()),
        people: people.collect(),
    })
}

/// The form: what was asked, and who the person says to be; nobody if the person gives up.
#[derive(Deserialize)]
pub(super) struct Said {
    #[serde(flatten)]
    asked: Asked,
    subject: Option<String>,
}

/// `POST /authorize`.
pub(super) async fn believe(
    State(payroll): State<Payroll>,
    headers: HeaderMap,
    said: Result<Form<Said>, FormRejection>,
) -> Response {
    let known = said.ok().and_then(|Form(said)| Some((said.asked.known(&payroll.settings)?, said.subject)));
    let Some((request, subject)) = known else {
        let words = words(language(&payroll.settings, &headers));
        return (StatusCode::BAD_REQUEST, page(&Refused { words })).into_response();
    };
    if let Some(error) = request.error() {
        return Redirect::to(&request.back_with("error", error)).into_response();
    }
    let subject = subject.filter(|subject| {
        let is_subject = subject.bytes().all(|byte| byte.is_ascii_graphic());
        is_subject && (1..=LONGEST_SUBJECT).contains(&subject.len())
    });
    let Some(subject) = subject else {
        return Redirect::to(&request.back_with("error", "access_denied")).into_response();
    };
    match code_for(&payroll, &request, subject).await {
        Ok(code) => Redirect::to(&request.back_with("code", &code)).into_response(),
        Err(error) => unwell(&request, &error),
    }
}

fn unwell(request: &Known, error: &(dyn Error + 'static)) -> Response {
    tracing::error!(error, "the test bank could not answer");
    Redirect::to(&request.back_with("error", "server_error")).into_response()
}
