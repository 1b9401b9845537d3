//! Bodies and paths, whose rejections are problems like any other.

use std::error::Error;

use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use serde::de::DeserializeOwned;

use super::request::Asked;
use crate::app::HasApp;
use crate::problem::{HttpCode, Problem};

/// A body of JSON, of at most [as many bytes](crate::AppBuilder::body_limit) as the host takes, that arrives
/// [in time](crate::AppBuilder::body_within).
///
/// Whatever was verified before it (a browser session, a device) was so when its first byte came: a client that sends the
/// rest an hour later does not act by what has ended meanwhile.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: HasApp, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let wrong = |code| Asked::of(&parts, state).wrong(code);
        if !is_json(&parts.headers) {
            return Err(wrong(HttpCode::BodyNotJson));
        }
        let limit = state.app().parts().body_limit;
        let arrived = tokio::time::timeout(state.app().parts().body_time, to_bytes(body, limit)).await;
        let arrived = arrived.map_err(|_| wrong(HttpCode::BodyTooSlow))?;
        let bytes: Bytes = arrived.map_err(|error| {
            // Whatever else breaks off is no JSON.
            let is_too_long = error.source().is_some_and(<dyn Error>::is::<LengthLimitError>);
            wrong(if is_too_long { HttpCode::BodyTooLarge } else { HttpCode::BodyMalformed })
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            // The error itself is not passed on, for it may quote what was sent: only where it is, for who writes an app.
            let (line, column, kind) = (error.line(), error.column(), error.classify());
            tracing::debug!(line, column, ?kind, "a body is not what the route takes");
            wrong(HttpCode::BodyMalformed)
        })
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let essence = value.and_then(|value| value.split(';').next()).map(str::trim);
    essence.is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
}

/// The ids in the path. One that is none names nothing, and so is answered like a route that is unknown.
#[derive(Debug)]
pub struct Named<T>(pub T);

impl<S: HasApp, T: DeserializeOwned + Send> FromRequestParts<S> for Named<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(named)) => Ok(Self(named)),
            Err(_) => Err(Asked::of(parts, state).wrong(HttpCode::RouteUnknown)),
        }
    }
}
