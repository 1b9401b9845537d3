//! A session that the gate has checked.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pinlatch::account::{Grant, Wanted};
use pinlatch::secret::SessionToken;

use super::phone::FromPhone;
use super::token::PresentedSession;
use crate::app::HasApp;
use crate::problem::Problem;

/// A live session of an eligible person on an unmodified device, checked for this request and for no other.
#[derive(Debug)]
pub struct OpenSession {
    /// Who asks, and from which device.
    pub grant: Grant,
    /// The token, for further calls of the gate.
    pub token: SessionToken,
    /// What came with the request.
    pub request: FromPhone,
}

impl<S: HasApp> FromRequestParts<S> for OpenSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let PresentedSession(token) = PresentedSession::from_request_parts(parts, state).await?;
        let Ok(request) = FromPhone::from_request_parts(parts, state).await;
        let checked = state.app().gate().check(&token, Wanted::session(), &request.context).await;
        let grant = checked.map_err(|error| state.app().refused(&request.asked, "check", &error))?;
        Ok(Self { grant, token, request })
    }
}
