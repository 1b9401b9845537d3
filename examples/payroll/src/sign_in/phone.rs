//! A phone goes to the provider, and comes back.

use std::error::Error;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Query, Request, State};
use axum::handler::Handler;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use pinlatch::people::AuthenticationMethod;
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::asked::{Asked, Body as Json};
use pinlatch_axum::parts::BegunSignIn;
use pinlatch_axum::problem::Next as NextStep;
use pinlatch_axum::{Problem, Sent, phone};
use serde::Deserialize;
use serde_json::{Value, json};

use super::label::label;
use super::{BackWith, Evidence, NotBack, NotIdentified, words};
use crate::payroll::{Payroll, PayrollHost};
use crate::phone::{Jar, Keep, with_cookies, with_headers};
use crate::places::{self, BACK};
use crate::rows::{Kind, digest};

/// The longest answer of the handler, in bytes.
const LARGEST_ANSWER: usize = 65_536;

/// `/sign-in/go` and `/sign-in/back` of a phone.
pub(crate) fn router(payroll: &Payroll) -> Router {
    Router::new().route("/sign-in/go", post(go)).route(BACK, get(back)).with_state(payroll.clone())
}

#[derive(Deserialize)]
struct Go {
    method: AuthenticationMethod,
}

/// Where to open the provider, for the sign-in that this phone has begun. The page goes there itself.
async fn go(
    State(payroll): State<Payroll>,
    asked: Asked,
    headers: HeaderMap,
    Json(Go { method }): Json<Go>,
) -> Result<Sent<Value>, Problem> {
    let jar = Jar::of(&payroll.settings, &headers);
    let begin_anew = || asked.problem(RefusalCode::AuthenticationRequired);
    let flow = jar.get(Keep::Flow).ok_or_else(begin_anew)?;
    let begun = payroll.rows.get::<BegunSignIn>(Kind::Start, &digest(flow)).await;
    begun.map_err(|error| unavailable(&asked, &error))?.ok_or_else(begin_anew)?;
    if !payroll.open_id.has(method) {
        return Err(asked.problem(RefusalCode::MethodNotAvailable));
    }
    let origin = places::asked_at(&payroll.settings, &headers).ok_or_else(begin_anew)?;
    let address = payroll.open_id.send_away(flow, &origin, Some(method)).await;
    let address = address.map_err(|error| unavailable(&asked, &error))?;
    Ok(Sent(json!({ "address": address })))
}

fn unavailable(asked: &Asked, error: &(dyn Error + 'static)) -> Problem {
    tracing::error!(error, "a sign-in could not go to the OpenID provider");
    asked.problem(RefusalCode::Unavailable)
}

/// Back from the provider. The page that follows says what came of it: `/`, or `/?problem=` and a code.
async fn back(State(payroll): State<Payroll>, request: Request) -> Response {
    let jar = Jar::of(&payroll.settings, request.headers());
    // What cannot be read is an answer to nothing.
    let answer = Query::try_from_uri(request.uri()).map(|Query(answer)| answer).unwrap_or_default();
    let (parts, _) = request.into_parts();
    match arrive(&payroll, &jar, answer, parts).await {
        Ok(token) => {
            let gone = [Keep::Session, Keep::Flow, Keep::Invitation].map(|keep| jar.removed(keep));
            let cookies = [jar.set(Keep::Device, &token)].into_iter().chain(gone);
            with_cookies(Redirect::to("/").into_response(), cookies)
        }
        Err(Refused { code, way_on }) => {
            let response = Redirect::to(&format!("/?problem={code}{way_on}")).into_response();
            // An invitation that does not help would only be refused again.
            let is_void = ["InvitationRequired", "ReinvitationRequired", words::INVITATION_OF_ANOTHER]
                .contains(&code.as_str());
            with_cookies(response, [jar.removed(Keep::Invitation).filter(|_| is_void)])
        }
    }
}

/// Why a sign-in came to nothing.
struct Refused {
    code: String,
    /// The next step, where it is not the code's own, as the page's address carries it.
    way_on: String,
}

impl From<String> for Refused {
    fn from(code: String) -> Self {
        Self { code, way_on: String::new() }
    }
}

/// The device token, or why there is none.
async fn arrive(payroll: &Payroll, jar: &Jar, answer: BackWith, parts: Parts) -> Result<String, Refused> {
    let flow = jar.get(Keep::Flow);
    let evidence = payroll.open_id.take_back(flow, answer).await.map_err(|error| match error {
        NotBack::Unknown => words::SIGN_IN_OVER.to_owned(),
        NotBack::Unavailable(error) => {
            tracing::error!(error = &error as &dyn Error, "a sign-in could not come back");
            RefusalCode::Unavailable.to_string()
        }
    })?;
    let flow = flow.unwrap_or_default();
    let refused = match sign_in(payroll, jar, parts, flow, &evidence).await {
        Ok(token) => return Ok(token),
        Err(refused) => refused,
    };
    // "Try again" would help nobody who gave up, or whom the provider knows and this program does not.
    Err(match evidence {
        Evidence::Cancelled => words::CANCELLED.to_owned().into(),
        Evidence::Token { token, since } if refused.code == RefusalCode::AuthenticationFailed.as_str() => {
            match payroll.open_id.identify(flow, &token, since).await {
                Err(NotIdentified::Stranger) => words::ACCOUNT_UNKNOWN.to_owned().into(),
                // The provider answered for somebody whom it knows; only the invitation names somebody else (D34).
                Ok(_) if jar.invitation().is_some() => words::INVITATION_OF_ANOTHER.to_owned().into(),
                _ => refused,
            }
        }
        _ => refused,
    })
}

/// Hands the evidence to pinlatch-axum's own handler, as a phone would.
async fn sign_in(
    payroll: &Payroll,
    jar: &Jar,
    mut parts: Parts,
    flow: &str,
    evidence: &Evidence,
) -> Result<String, Refused> {
    let unavailable = || RefusalCode::Unavailable.to_string();
    let label = label(&payroll.settings, &parts.headers);
    let invitation = jar.invitation();
    let body = json!({ "flow": flow, "evidence": evidence, "label": label, "invitation": invitation });
    parts.method = Method::POST;
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let request = with_headers(Request::from_parts(parts, Body::from(body.to_string())), jar);
    let answer = phone::sign_in::<PayrollHost>.call(request, payroll.app.clone()).await;
    let (head, body) = answer.into_parts();
    let body = to_bytes(body, LARGEST_ANSWER).await.map_err(|_| unavailable())?;
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |member: &str| body.get(member).and_then(Value::as_str).map(str::to_owned);
    if head.status == StatusCode::OK {
        return Ok(text("token").ok_or_else(unavailable)?);
    }
    let code = text("code").unwrap_or_else(unavailable);
    let way_on = way_on(&code, body.get("next"));
    Err(Refused { code, way_on })
}

/// What an account knows of the way on, besides its code: an open invitation, or a wait.
fn way_on(code: &str, next: Option<&Value>) -> String {
    let known = RefusalCode::ALL.iter().find(|known| known.as_str() == code);
    let own = known.and_then(|known| serde_json::to_value(NextStep::from(known.next_step())).ok());
    let Some(next) = next.filter(|next| own.as_ref() != Some(*next)) else { return String::new() };
    let step = next.get("step").and_then(Value::as_str);
    match (step, next.get("after_milliseconds").and_then(Value::as_u64)) {
        (Some(step), Some(after)) => format!("&step={step}&after={after}"),
        (Some(step), None) => format!("&step={step}"),
        _ => String::new(),
    }
}
