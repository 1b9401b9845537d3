//! An administrator's browser session.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use pinlatch::access::BrowserSession;

use super::request::Asked;
use crate::app::HasApp;
use crate::parts::PartFailed;
use crate::problem::{HttpCode, Problem};

/// A request in the browser, by a session that the host says it has verified. Nothing else makes one: no token of the
/// app does.
#[derive(Debug)]
pub struct InBrowser {
    /// Who is signed in there.
    pub session: BrowserSession,
    /// What came with the request.
    pub asked: Asked,
}

impl<S: HasApp> FromRequestParts<S> for InBrowser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let asked = Asked::of(parts, state);
        let Some(reads) = state.app().parts().browser.as_ref() else {
            return Err(asked.wrong(HttpCode::BrowserSessionRequired));
        };
        match reads.browser_session(parts).await {
            Ok(Some(session)) => {
                let session = asked.note.map_or(session, |note| session.with_note(note));
                Ok(Self { session, asked })
            }
            Ok(None) => Err(asked.wrong(HttpCode::BrowserSessionRequired)),
            Err(failed) => Err(PartFailed::answered(&failed, &asked)),
        }
    }
}
