//! The phone's page: one document with a `<template>` for each screen in it, among which its script chooses by what the app's
//! routes answer; and what the script asks besides them.

use std::time::Duration;

use askama::Template;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use pinlatch::refusal::{Language, NextStep, Refusal, RefusalCode};
use pinlatch_axum::asked::Body;
use pinlatch_axum::problem::HttpCode;
use serde::{Deserialize, Serialize};

use super::jar::{Jar, Keep, with_cookies};
use super::words::Words;
use crate::payroll::Payroll;
use crate::places;
use crate::settings::Settings;
use crate::sign_in::{Explained, explained, language};

pub(super) fn router(payroll: &Payroll) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/finger", get(small_window))
        .route("/here", get(here))
        .route("/language", post(choose_language))
        .route("/invitation/forget", post(forget_invitation))
        .with_state(payroll.clone())
}

const fn tag(language: Language) -> &'static str {
    match language {
        Language::Finnish => "fi",
        _ => "en",
    }
}

/// No wait is longer: clocks differ by two minutes.
const LONGEST_WAIT: Duration = Duration::from_secs(600);

/// The way on that an address names, if it is one that an account knows besides its code.
fn way_on(asked: &Asked) -> Option<NextStep> {
    Some(match (asked.problem.as_deref()?, asked.step.as_deref()?) {
        ("InvitationRequired" | "ReinvitationRequired", "PresentInvitation") => NextStep::PresentInvitation,
        ("ReinvitationRequired", "Authenticate") => NextStep::Authenticate,
        ("AuthenticationRequired", "TryAgain") => {
            let after = Duration::from_millis(u64::from(asked.after?));
            NextStep::TryAgain { after: after.min(LONGEST_WAIT) }
        }
        _ => return None,
    })
}

/// What a code says to the person. One that is not known says that the sign-in failed.
fn text_of(code: &str, way_on: Option<NextStep>, language: Language) -> String {
    if let Some(known) = HttpCode::ALL.iter().find(|known| known.as_str() == code) {
        return known.message(language).to_owned();
    }
    let known = RefusalCode::ALL.iter().find(|known| known.as_str() == code).copied();
    let refusal = Refusal::new(known.unwrap_or(RefusalCode::AuthenticationFailed));
    way_on.map_or(refusal, |next| refusal.leading_to(next)).public(language).text.into_owned()
}

/// Why the last sign-in came to nothing, with the next step where the page's screen does not say it.
fn text_of_problem(code: &str, way_on: Option<NextStep>, language: Language) -> String {
    if let Explained { what, next: Some(next) } = explained(code, language) {
        return format!("{what} {next}");
    }
    let text = text_of(code, way_on, language);
    match way_on {
        Some(NextStep::TryAgain { after }) if !after.is_zero() => {
            let seconds = after.as_millis().div_ceil(1_000).to_string();
            format!("{text} {}", Words::of(language).wait_seconds.replace("{n}", &seconds))
        }
        _ => text,
    }
}

/// What is only there at home.
struct Home {
    stage: String,
    /// The origin of the test bank, which may be shown within the frame; empty if there is none.
    bank: String,
}

impl Home {
    fn of(settings: &Settings) -> Option<Self> {
        let is_tested = settings.provider.is_none();
        settings.is_at_home().then(|| Self {
            stage: settings.origin.origin().ascii_serialization(),
            bank: if is_tested { places::origin(settings, "bank") } else { String::new() },
        })
    }
}

#[derive(Template)]
#[template(path = "phone.html")]
struct Page {
    language: Language,
    tag: &'static str,
    words: &'static Words,
    /// Which phone of the stage it is; empty elsewhere.
    letter: String,
    home: Option<Home>,
    /// Why the last sign-in failed.
    problem: Option<String>,
}

impl Page {
    fn of(settings: &Settings, headers: &HeaderMap, asked: &Asked) -> Self {
        let language = language(settings, headers);
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
        let letter =
            host.split('.').next().filter(|name| settings.is_at_home() && places::PHONES.contains(name));
        Self {
            language,
            tag: tag(language),
            words: Words::of(language),
            letter: letter.unwrap_or_default().to_uppercase(),
            home: Home::of(settings),
            problem: asked.problem.as_ref().map(|code| text_of_problem(code, way_on(asked), language)),
        }
    }

    /// For the templates: the text of a code.
    fn text(&self, code: &str) -> String {
        text_of(code, None, self.language)
    }
}

#[derive(Default, Deserialize)]
struct Asked {
    problem: Option<String>,
    /// The way on, where it is not the code's own.
    step: Option<String>,
    /// With `TryAgain`: in milliseconds.
    after: Option<u32>,
}

async fn page(State(payroll): State<Payroll>, address: Uri, headers: HeaderMap) -> Response {
    // What cannot be read says nothing.
    let asked = Query::try_from_uri(&address).map(|Query(asked)| asked).unwrap_or_default();
    rendered(&Page::of(&payroll.settings, &headers, &asked))
}

#[derive(Template)]
#[template(path = "finger.html")]
struct SmallWindow {
    tag: &'static str,
    words: &'static Words,
}

/// Where face and fingerprint are asked for when the phone stands in a frame.
async fn small_window(State(payroll): State<Payroll>, headers: HeaderMap) -> Response {
    let language = language(&payroll.settings, &headers);
    let page = rendered(&SmallWindow { tag: tag(language), words: Words::of(language) });
    // Its opener waits until it is closed, and sees that only if both are of one group.
    ([("cross-origin-opener-policy", "unsafe-none")], page).into_response()
}

/// A page as an answer.
pub(crate) fn rendered(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a page could not be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// What the phone knows of itself: no secret, only whether there is one.
#[derive(Serialize)]
struct Here {
    invited: bool,
    rooted: bool,
}

async fn here(State(payroll): State<Payroll>, headers: HeaderMap) -> Json<Here> {
    let jar = Jar::of(&payroll.settings, &headers);
    Json(Here { invited: jar.invitation().is_some(), rooted: jar.get(Keep::Rooted).is_some() })
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Chosen {
    En,
    Fi,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChosenLanguage {
    language: Chosen,
}

async fn choose_language(
    State(payroll): State<Payroll>,
    headers: HeaderMap,
    Body(ChosenLanguage { language }): Body<ChosenLanguage>,
) -> Response {
    let language = match language {
        Chosen::En => Language::English,
        Chosen::Fi => Language::Finnish,
    };
    let cookie = Jar::of(&payroll.settings, &headers).set(Keep::Language, tag(language));
    with_cookies(StatusCode::NO_CONTENT.into_response(), [cookie])
}

/// The invitation stays good: whoever opens its letter anew uses it.
async fn forget_invitation(State(payroll): State<Payroll>, headers: HeaderMap) -> Response {
    let cookie = Jar::of(&payroll.settings, &headers).removed(Keep::Invitation);
    with_cookies(StatusCode::NO_CONTENT.into_response(), [cookie])
}
