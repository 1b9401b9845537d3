//! The sessions of the browser version: a cookie of 256 random bits, and a row under its digest. Revoking is immediate:
//! each request looks at the row, and whether the person is a user still.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::request::Parts;
use pinlatch::access::BrowserSession;
use pinlatch::id::PersonId;
use pinlatch::refusal::RefusalCode;
use pinlatch_axum::parts::{Answer, PartFailed, ReadsBrowserSession};
use serde::{Deserialize, Serialize};

use crate::payroll::Payroll;
use crate::phone::{Jar, Keep};
use crate::rows::{Kind, Rows, RowsFailed, digest, now};
use crate::settings::Settings;
use crate::sign_in::draw;

/// However busy somebody is (OWASP's session management cheat sheet: 4 to 8 hours).
const LIFETIME: Duration = Duration::from_secs(8 * 3_600);
/// Unused for so long, or up to a tenth less.
const IDLE: Duration = Duration::from_secs(30 * 60);
/// Use is written down so often: not with each request.
const NOTED: Duration = Duration::from_secs(3 * 60);

/// The sessions.
#[derive(Clone)]
pub(crate) struct BrowserSessions {
    rows: Rows,
    is_tls: bool,
}

impl fmt::Debug for BrowserSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BrowserSessions")
    }
}

/// Times in milliseconds since 1970.
#[derive(Serialize, Deserialize)]
struct Session {
    person: PersonId,
    began: i64,
    used: i64,
}

impl BrowserSessions {
    pub(crate) fn of(settings: &Settings, rows: Rows) -> Self {
        Self { rows, is_tls: settings.is_tls() }
    }

    /// A session for somebody who proved who it is: what its cookie holds.
    pub(super) async fn begin(&self, person: PersonId) -> Result<String, RowsFailed> {
        let token = draw().map_err(RowsFailed::because)?;
        let session = Session { person, began: now(), used: now() };
        self.rows.put_for(Kind::Browser, &digest(&token), &session, IDLE).await?;
        Ok(token)
    }

    /// Ends the session of these cookies, if there is one.
    pub(super) async fn end(&self, headers: &HeaderMap) -> Result<(), RowsFailed> {
        match self.token(headers) {
            Some(token) => self.rows.remove(Kind::Browser, &digest(&token)).await,
            None => Ok(()),
        }
    }

    fn token(&self, headers: &HeaderMap) -> Option<String> {
        Jar::sent_over(self.is_tls, headers).get(Keep::Office).map(str::to_owned)
    }

    /// Who is signed in. The row goes by itself when the session was idle, or its time is over.
    async fn person(&self, headers: &HeaderMap) -> Result<Option<PersonId>, RowsFailed> {
        let Some(token) = self.token(headers) else { return Ok(None) };
        let key = digest(&token);
        let Some(session) = self.rows.get::<Session>(Kind::Browser, &key).await? else { return Ok(None) };
        let since =
            |when| Duration::from_millis(u64::try_from(now().saturating_sub(when)).unwrap_or_default());
        let left = LIFETIME.saturating_sub(since(session.began));
        if left.is_zero() {
            return Ok(None);
        }
        let person = session.person;
        if since(session.used) >= NOTED {
            let used = Session { used: now(), ..session };
            // A row that somebody has removed meanwhile, by logging out, stays removed, and nobody is signed in by it.
            if !self.rows.replace(Kind::Browser, &key, &used, IDLE.min(left)).await? {
                return Ok(None);
            }
        }
        Ok(Some(person))
    }
}

impl ReadsBrowserSession for BrowserSessions {
    fn browser_session<'a>(
        &'a self,
        request: &'a mut Parts,
    ) -> Answer<'a, Result<Option<BrowserSession>, PartFailed>> {
        Box::pin(async { Ok(self.person(&request.headers).await?.map(BrowserSession::verified_by_host)) })
    }
}

/// Who is signed in to the browser version, and is a user still. Whose user access has ended is signed out by that.
pub(crate) async fn signed_in(payroll: &Payroll, headers: &HeaderMap) -> Option<PersonId> {
    let failed = |error: &(dyn Error + 'static)| {
        tracing::error!(error, "whether somebody is signed in could not be told");
    };
    let person = payroll.browsers.person(headers).await.inspect_err(|error| failed(error)).ok()??;
    match payroll.app.gate().browser_access(person).await {
        Ok(_) => Some(person),
        Err(error) => {
            if error.refusal().code() == RefusalCode::NotAUser {
                let ended = payroll.browsers.end(headers).await;
                ended.inspect_err(|error| failed(error)).unwrap_or_default();
            } else {
                failed(&error);
            }
            None
        }
    }
}
