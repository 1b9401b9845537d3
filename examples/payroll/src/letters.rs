//! Invitations on their way. At home they lie on a page of the stage, where the person opens them on a phone: PLAYS the
//! mail. PRODUCTION: [`SendsInvitations`] hands the token to whatever writes to people, and keeps nothing.

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use pinlatch::account::IssuedInvitation;
use pinlatch::host::{Clock, Randomness, SystemClock, SystemRandomness};
use pinlatch::id::PersonId;
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch::time::Timestamp;
use pinlatch_axum::asked::Languages;
use pinlatch_axum::parts::{Answer, PartFailed, SendsInvitations};
use serde::{Deserialize, Serialize};

use crate::hood::record;
use crate::payroll::Payroll;
use crate::phone::{Jar, Keep, with_cookies};
use crate::places::{self, PHONES};
use crate::rows::{Kind, Rows, RowsFailed};
use crate::settings::Settings;
use crate::shown;

/// A letter, in the rows.
#[derive(Serialize, Deserialize)]
struct Letter {
    person: PersonId,
    token: String,
    sent: Timestamp,
    expires: Timestamp,
}

/// Where invitations are sent to.
#[derive(Clone, Debug)]
pub(crate) struct Letters {
    rows: Rows,
    is_at_home: bool,
}

/// There is no mail.
#[derive(Debug, thiserror::Error)]
#[error("invitations are sent nowhere: write to people in `Letters::send`")]
struct NoMail;

impl Letters {
    pub(crate) fn of(settings: &Settings, rows: Rows) -> Self {
        Self { rows, is_at_home: settings.is_at_home() }
    }
}

impl SendsInvitations for Letters {
    fn send(&self, person: PersonId, invitation: IssuedInvitation) -> Answer<'_, Result<(), PartFailed>> {
        Box::pin(async move {
            if !self.is_at_home {
                return Err(PartFailed::because(NoMail));
            }
            let mut number = [0; 16];
            SystemRandomness.fill(&mut number).map_err(PartFailed::because)?;
            let sent = SystemClock.now().unwrap_or_default();
            let expires = invitation.expires;
            let letter = Letter { person, token: invitation.token.expose().to_owned(), sent, expires };
            let good_for: Duration = expires.since(sent);
            Ok(self.rows.put_for(Kind::Letter, &HEXLOWER.encode(&number), &letter, good_for).await?)
        })
    }
}

pub(crate) fn router(_: &Payroll) -> Router {
    Router::new()
}

pub(crate) fn phone_router(_: &Payroll) -> Router {
    Router::new()
}
