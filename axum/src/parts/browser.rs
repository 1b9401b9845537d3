//! Who is signed in to the browser version.

use axum::http::request::Parts;
use pinlatch::access::BrowserSession;

use super::Answer;
use super::failed::PartFailed;

/// Reads the browser session of a request: the host's web framework knows it.
pub trait ReadsBrowserSession: Send + Sync {
    /// The session, verified as
    /// [`BrowserSession::verified_by_host`](pinlatch::access::BrowserSession::verified_by_host) says: live, signed in by
    /// exactly that person, and defended against forged requests. `None` if there is none. The token of a phone is none.
    fn browser_session<'a>(
        &'a self,
        request: &'a mut Parts,
    ) -> Answer<'a, Result<Option<BrowserSession>, PartFailed>>;
}
