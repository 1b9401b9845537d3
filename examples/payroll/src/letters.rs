//! Invitations on their way. At home they lie on a page of the stage, where the person opens them on a phone: PLAYS the
//! mail. PRODUCTION: [`SendsInvitations`] hands the token to whatever writes to people, and keeps nothing.

use std::collections::HashSet;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use data_encoding::HEXLOWER;
use pinlatch::account::{Account, IssuedInvitation};
use pinlatch::host::{Clock, Randomness, SystemClock, SystemRandomness};
use pinlatch::id::PersonId;
use pinlatch::refusal::{Language, RefusalCode};
use pinlatch::time::Timestamp;
use pinlatch_axum::parts::{Answer, PartFailed, SendsInvitations};
use serde::{Deserialize, Serialize};

use crate::hood::record;
use crate::payroll::Payroll;
use crate::phone::{Jar, Keep, rendered, with_cookies};
use crate::places::{self, PHONES};
use crate::rows::{Kind, Rows};
use crate::settings::Settings;
use crate::{safety, shown};

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
            let token = invitation.token.expose().to_owned();
            let letter = Letter { person, token, sent, expires };
            let number = HEXLOWER.encode(&number);
            Ok(self.rows.put_for(Kind::Letter, &number, &letter, expires.since(sent)).await?)
        })
    }
}

/// The stage's page of letters.
pub(crate) fn router(payroll: &Payroll) -> Router {
    Router::new().route("/letters", get(page)).with_state(payroll.clone())
}

/// What the links on that page lead to, on a phone. At home only.
pub(crate) fn phone_router(payroll: &Payroll) -> Router {
    if !payroll.settings.is_at_home() {
        return Router::new();
    }
    Router::new().route("/invitation/{number}", get(open)).with_state(payroll.clone())
}

#[derive(Template)]
#[template(path = "letters.html")]
struct Page {
    letters: Vec<Line>,
}

/// A letter on the page, without what is in it.
struct Line {
    name: String,
    sent: String,
    expires: String,
    becomes: Becomes,
    /// A phone's name, and where the letter is opened on it.
    phones: Vec<(String, String)>,
}

/// What has become of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Becomes {
    /// It is the account's open one.
    Open,
    /// A newer one was sent (D20).
    Replaced,
    /// Used, withdrawn, or void by a log-out from all devices.
    Void,
}

async fn page(State(payroll): State<Payroll>) -> Response {
    match lines(&payroll).await {
        Ok(letters) => rendered(&Page { letters }),
        Err(failed) => failed,
    }
}

async fn lines(payroll: &Payroll) -> Result<Vec<Line>, Response> {
    let unavailable = |error: &(dyn std::error::Error + 'static)| {
        tracing::error!(error, "the letters could not be read");
        let detail = RefusalCode::Unavailable.message(Language::English);
        safety::problem(StatusCode::SERVICE_UNAVAILABLE, RefusalCode::Unavailable.as_str(), detail)
    };
    let mut letters: Vec<(String, Letter)> =
        payroll.rows.all(Kind::Letter, "").await.map_err(|error| unavailable(&error))?;
    letters.sort_by_key(|(_, letter)| std::cmp::Reverse(letter.sent));
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for (number, letter) in letters {
        let resident = payroll.resident(letter.person).await.map_err(|error| unavailable(&error))?;
        let is_newest = seen.insert(letter.person);
        let record =
            record::load(&payroll.store, letter.person).await.map_err(|error| unavailable(&error))?;
        let account = record.and_then(|record| Account::decode(&record.bytes, letter.person).ok());
        let open = account.as_ref().and_then(Account::invitation);
        // Of two that were sent at one instant, the later need not be the one that the account knows.
        let becomes = match open {
            Some(open) if open.expires() == letter.expires => Becomes::Open,
            _ if is_newest => Becomes::Void,
            _ => Becomes::Replaced,
        };
        let phone = |name: &&str| {
            let address = format!("{}/invitation/{number}", places::origin(&payroll.settings, name));
            (name.to_uppercase(), address)
        };
        lines.push(Line {
            name: resident.map_or_else(|| "Name unknown".to_owned(), |resident| resident.name),
            sent: shown::minute(letter.sent, Language::English),
            expires: shown::minute(letter.expires, Language::English),
            becomes,
            phones: if becomes == Becomes::Open { PHONES.iter().map(phone).collect() } else { Vec::new() },
        });
    }
    Ok(lines)
}

/// The person opens a letter on a phone. The page says what an invitation that is no longer good leads to.
async fn open(State(payroll): State<Payroll>, Path(number): Path<String>, headers: HeaderMap) -> Response {
    if !number.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return lead_back(RefusalCode::NoInvitation);
    }
    match payroll.rows.get::<Letter>(Kind::Letter, &number).await {
        Ok(Some(letter)) => {
            let jar = Jar::of(&payroll.settings, &headers);
            with_cookies(Redirect::to("/").into_response(), [jar.set(Keep::Invitation, &letter.token)])
        }
        Ok(None) => lead_back(RefusalCode::NoInvitation),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a letter could not be read");
            lead_back(RefusalCode::Unavailable)
        }
    }
}

fn lead_back(code: RefusalCode) -> Response {
    Redirect::to(&format!("/?problem={}", code.as_str())).into_response()
}
