//! The two tokens, as they are sent.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use pinlatch::refusal::RefusalCode;
use pinlatch::secret::{DeviceToken, SessionToken};

use super::request::Asked;
use crate::app::HasApp;
use crate::problem::Problem;

/// The header of the device token, in lower case.
pub const DEVICE_HEADER: &str = "pinlatch-device";

/// The device token of a request. Which device it is, the gate has still to compare.
#[derive(Debug)]
pub struct KnownDevice(pub DeviceToken);

/// The session token of a request. Whether it is live, the gate has still to say: see [`OpenSession`](super::OpenSession).
#[derive(Debug)]
pub struct PresentedSession(pub SessionToken);

impl<S: HasApp> FromRequestParts<S> for KnownDevice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let missing = || Asked::of(parts, state).problem(RefusalCode::AuthenticationRequired);
        device_token(&parts.headers).map_err(|()| missing())?.map(Self).ok_or_else(missing)
    }
}

impl<S: HasApp> FromRequestParts<S> for PresentedSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let token = only(&parts.headers, header::AUTHORIZATION.as_str())
            .ok()
            .flatten()
            .and_then(bearer)
            .and_then(|text| SessionToken::parse(text).ok());
        token.map(Self).ok_or_else(|| Asked::of(parts, state).problem(RefusalCode::SessionRequired))
    }
}

/// A phone that may or may not have a device token yet. One that is none is refused: it was meant to be one.
#[derive(Debug)]
pub struct MaybeDevice(pub Option<DeviceToken>);

impl<S: HasApp> FromRequestParts<S> for MaybeDevice {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let malformed = |()| Asked::of(parts, state).problem(RefusalCode::AuthenticationRequired);
        device_token(&parts.headers).map(Self).map_err(malformed)
    }
}

fn device_token(headers: &HeaderMap) -> Result<Option<DeviceToken>, ()> {
    match only(headers, DEVICE_HEADER)? {
        Some(text) => DeviceToken::parse(text).map(Some).map_err(|_| ()),
        None => Ok(None),
    }
}

/// The one value of a header. Two of them are an error: nobody knows which one a proxy has looked at.
pub(super) fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h str>, ()> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
        (Some(_), Some(_)) => Err(()),
    }
}

/// The scheme's name is in any case (RFC 9110 §11.1).
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_start_matches(' '))
}
