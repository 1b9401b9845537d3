//! The browser version: "Users and roles". Users only: being an employee is not enough.

use axum::Router;
use axum::http::request::Parts;
use pinlatch::access::BrowserSession;
use pinlatch_axum::parts::{Answer, PartFailed, ReadsBrowserSession};

use crate::payroll::Payroll;
use crate::rows::Rows;
use crate::settings::Settings;

/// The sessions of the browser version.
#[derive(Clone, Debug)]
pub(crate) struct BrowserSessions {
    rows: Rows,
}

impl BrowserSessions {
    pub(crate) fn of(_: &Settings, rows: Rows) -> Self {
        Self { rows }
    }
}

impl ReadsBrowserSession for BrowserSessions {
    fn browser_session<'a>(&'a self, _: &'a mut Parts) -> Answer<'a, Result<Option<BrowserSession>, PartFailed>> {
        let _ = &self.rows;
        Box::pin(async { Ok(None) })
    }
}

pub(crate) fn router(_: &Payroll) -> Router {
    Router::new()
}
