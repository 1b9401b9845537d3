//! Signing in to the browser version, and out of it: users only (R18, R19).

use std::error::Error;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use pinlatch::refusal::{Language, RefusalCode};
use serde::Deserialize;

use super::sessions::signed_in;
use crate::payroll::Payroll;
use crate::phone::{Jar, Keep, with_cookies};
use crate::places::{self, BACK};
use crate::sign_in::{
    ACCOUNT_UNKNOWN, BackWith, CANCELLED, Evidence, Explained, NotBack, NotIdentified, SIGN_IN_OVER, draw,
    explained, language, page,
};

/// `/sign-in` and what belongs to it, and `/sign-out`.
pub(super) fn router(payroll: &Payroll) -> Router {
    Router::new()
        .route("/sign-in", get(show))
        .route("/sign-in/go", post(go))
        .route(BACK, get(back))
        .route("/sign-out", post(sign_out))
        .with_state(payroll.clone())
}

struct Words {
    tag: &'static str,
    title: &'static str,
    users_only: &'static str,
    sign_in: &'static str,
    leaving: &'static str,
    go_on: &'static str,
}

static ENGLISH: Words = Words {
    tag: "en",
    title: "Payroll, browser version",
    users_only: "The browser version is for users. The app on your phone works without.",
    sign_in: "Sign in",
    leaving: "You are being taken to the sign-in.",
    go_on: "Go on to the sign-in",
};

static FINNISH: Words = Words {
    tag: "fi",
    title: "Palkat, selainversio",
    users_only: "Selainversio on käyttäjille. Puhelinsovellus toimii ilmankin.",
    sign_in: "Kirjaudu",
    leaving: "Siirryt tunnistautumaan.",
    go_on: "Jatka tunnistautumiseen",
};

fn words(language: Language) -> &'static Words {
    if language == Language::Finnish { &FINNISH } else { &ENGLISH }
}

#[derive(Template)]
#[template(path = "sign_in/office.html")]
struct Page {
    words: &'static Words,
    problem: Option<Explained>,
}

#[derive(Template)]
#[template(path = "sign_in/leaving.html")]
struct Leaving<'a> {
    words: &'static Words,
    address: &'a str,
}

#[derive(Default, Deserialize)]
struct Told {
    problem: Option<String>,
}

async fn show(State(payroll): State<Payroll>, headers: HeaderMap, address: Uri) -> Response {
    if signed_in(&payroll, &headers).await.is_some() {
        return Redirect::to("/").into_response();
    }
    let language = language(&payroll.settings, &headers);
    let told = Query::<Told>::try_from_uri(&address).map(|Query(told)| told).unwrap_or_default();
    let problem = told.problem.map(|code| explained(&code, language));
    page(&Page { words: words(language), problem })
}

/// Leads on by a page, for browsers hold a form's redirects to the content security policy, and where a provider leads on to
/// is its own matter.
async fn go(State(payroll): State<Payroll>, headers: HeaderMap) -> Response {
    let jar = Jar::of(&payroll.settings, &headers);
    let leaving = async {
        let flow = draw()?;
        let origin = places::asked_at(&payroll.settings, &headers).ok_or("the request names no host")?;
        let address = payroll.open_id.send_away(&flow, &origin, None).await?;
        Ok::<_, Box<dyn Error + Send + Sync>>((flow, address))
    };
    match leaving.await {
        Ok((flow, address)) => {
            let words = words(language(&payroll.settings, &headers));
            let response = page(&Leaving { words, address: address.as_str() });
            with_cookies(response, [jar.set(Keep::Flow, &flow)])
        }
        Err(error) => {
            tracing::error!(error = &*error as &dyn Error, "a sign-in could not go to the OpenID provider");
            told(RefusalCode::Unavailable.as_str())
        }
    }
}

/// Back from the provider: to the pages, or to the sign-in with the code of a problem.
async fn back(State(payroll): State<Payroll>, headers: HeaderMap, address: Uri) -> Response {
    let jar = Jar::of(&payroll.settings, &headers);
    let answer = Query::try_from_uri(&address).map(|Query(answer)| answer).unwrap_or_default();
    match arrive(&payroll, &jar, &headers, answer).await {
        Ok(token) => {
            let cookies = [jar.set(Keep::Office, &token), jar.removed(Keep::Flow)];
            with_cookies(Redirect::to("/").into_response(), cookies)
        }
        Err(code) => told(code),
    }
}

/// What the session's cookie holds, or the code of the problem.
async fn arrive(
    payroll: &Payroll,
    jar: &Jar,
    headers: &HeaderMap,
    answer: BackWith,
) -> Result<String, &'static str> {
    let unavailable = |error: &(dyn Error + 'static)| {
        tracing::error!(error, "a sign-in could not come back");
        RefusalCode::Unavailable.as_str()
    };
    let flow = jar.get(Keep::Flow);
    let evidence = payroll.open_id.take_back(flow, answer).await.map_err(|error| match error {
        NotBack::Unknown => SIGN_IN_OVER,
        NotBack::Unavailable(error) => unavailable(&error),
    })?;
    let (token, since) = match evidence {
        Evidence::Token { token, since } => (token, since),
        Evidence::Cancelled => return Err(CANCELLED),
        Evidence::Refused => return Err(RefusalCode::AuthenticationFailed.as_str()),
    };
    let verified = payroll.open_id.identify(flow.unwrap_or_default(), &token, since).await;
    let person = match verified {
        Ok(verified) => verified.person,
        Err(NotIdentified::Refused) => return Err(RefusalCode::AuthenticationFailed.as_str()),
        Err(NotIdentified::Stranger) => return Err(ACCOUNT_UNKNOWN),
        Err(NotIdentified::Unavailable(error)) => return Err(unavailable(&error)),
    };
    if let Err(error) = payroll.app.gate().browser_access(person).await {
        let code = error.refusal().code();
        return Err(if code == RefusalCode::NotAUser { code.as_str() } else { unavailable(&error) });
    }
    // Whoever was signed in by this browser before is so no more.
    payroll.browsers.end(headers).await.map_err(|error| unavailable(&error))?;
    payroll.browsers.begin(person).await.map_err(|error| unavailable(&error))
}

/// The session is over on the server, and not only the cookie gone. If that fails, the cookie stays, so that the same again
/// ends it.
async fn sign_out(State(payroll): State<Payroll>, headers: HeaderMap) -> Response {
    let jar = Jar::of(&payroll.settings, &headers);
    match payroll.browsers.end(&headers).await {
        Ok(()) => with_cookies(Redirect::to("/sign-in").into_response(), [jar.removed(Keep::Office)]),
        Err(error) => {
            tracing::error!(error = &error as &dyn Error, "somebody could not be signed out");
            told(RefusalCode::Unavailable.as_str())
        }
    }
}

fn told(code: &str) -> Response {
    Redirect::to(&format!("/sign-in?problem={code}")).into_response()
}
