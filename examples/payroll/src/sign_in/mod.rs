//! OpenID Connect, as the client.

use std::error::Error;
use std::time::Duration;

use axum::Router;
use pinlatch::people::AuthenticationMethod;
use pinlatch_axum::parts::{
    Answer, BegunSignIn, FlowId, NotVerified, PartFailed, RemembersStarts, Verified, VerifiesAuthentication,
};
use serde_json::Value;

use crate::payroll::Payroll;
use crate::rows::{Kind, Rows, digest};
use crate::settings::Settings;

/// The OpenID provider, as this program sees it.
#[derive(Clone, Debug)]
pub(crate) struct OpenId {
    rows: Rows,
}

impl OpenId {
    pub(crate) fn of(_settings: &Settings, rows: Rows) -> Result<Self, Box<dyn Error>> {
        Ok(Self { rows })
    }
}

impl VerifiesAuthentication for OpenId {
    fn begin<'a>(&'a self, _: FlowId, _: &'a [AuthenticationMethod]) -> Answer<'a, Result<Value, PartFailed>> {
        Box::pin(async { Ok(Value::Null) })
    }

    fn verify<'a>(&'a self, _: FlowId, _: &'a BegunSignIn, _: Value) -> Answer<'a, Result<Verified, NotVerified>> {
        let _ = &self.rows;
        Box::pin(async { Err(NotVerified::Failed) })
    }
}

/// Keeps sign-ins on their way in the rows, so that every host on one database knows them, after a restart too.
#[derive(Clone, Debug)]
pub(crate) struct Starts(Rows);

impl Starts {
    pub(crate) const fn of(rows: Rows) -> Self {
        Self(rows)
    }
}

impl RemembersStarts for Starts {
    fn remember(&self, flow: FlowId, begun: BegunSignIn, span: Duration) -> Answer<'_, Result<(), PartFailed>> {
        Box::pin(async move { Ok(self.0.put_for(Kind::Start, &digest(&flow.to_string()), &begun, span).await?) })
    }

    fn recall(&self, flow: FlowId) -> Answer<'_, Result<Option<BegunSignIn>, PartFailed>> {
        Box::pin(async move { Ok(self.0.get(Kind::Start, &digest(&flow.to_string())).await?) })
    }
}

/// `/sign-in/go` and `/sign-in/back` of a phone.
pub(crate) fn phone_router(_: &Payroll) -> Router {
    Router::new()
}
