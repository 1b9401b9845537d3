//! What a phone's request brings.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pinlatch::account::{DeviceIntegrity, RequestContext};

use super::request::Asked;
use crate::app::HasApp;

/// A request of a phone: what [`Asked`] has, and the host's verdict about the device.
#[derive(Clone, Debug)]
pub struct FromPhone {
    /// Languages and note.
    pub asked: Asked,
    /// What the gate is told of the request.
    pub context: RequestContext,
}

impl<S: HasApp> FromRequestParts<S> for FromPhone {
    type Rejection = Infallible;

    /// Without a part that attests devices, and where it cannot tell, the verdict is `Unknown`, never a clean one.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let asked = Asked::of(parts, state);
        let integrity = match state.app().parts().attests.as_ref() {
            Some(attests) => attests.verdict(parts).await,
            None => DeviceIntegrity::Unknown,
        };
        let context = RequestContext::new(integrity);
        let context = asked.note.map_or(context, |note| context.with_note(note));
        Ok(Self { asked, context })
    }
}
