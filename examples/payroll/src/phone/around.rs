//! What a person plays around a phone: that it is rooted, that a reply gets lost. At home only.

use axum::Router;
use axum::extract::State;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use pinlatch::account::DeviceIntegrity;
use pinlatch_axum::asked::Body;
use pinlatch_axum::parts::{Answer, AttestsDevices};
use serde::Deserialize;

use super::jar::{Jar, Keep, with_cookies};
use crate::payroll::Payroll;
use crate::settings::Settings;

/// What attestation finds. It is played: a browser attests nothing. PRODUCTION: Play Integrity or App Attest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attestation {
    is_at_home: bool,
    is_tls: bool,
    trusts_browsers: bool,
}

impl Attestation {
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            is_at_home: settings.is_at_home(),
            is_tls: settings.is_tls(),
            trusts_browsers: settings.trusts_browsers,
        }
    }

    fn found(self, headers: &HeaderMap) -> DeviceIntegrity {
        if self.is_at_home && Jar::sent_over(self.is_tls, headers).get(Keep::Rooted).is_some() {
            return DeviceIntegrity::Modified;
        }
        if self.is_at_home || self.trusts_browsers {
            return DeviceIntegrity::Unmodified;
        }
        // Nothing is raised for such a device: whoever deploys this says first that browsers are good enough.
        DeviceIntegrity::Unknown
    }
}

impl AttestsDevices for Attestation {
    fn verdict<'a>(&'a self, request: &'a Parts) -> Answer<'a, DeviceIntegrity> {
        let found = self.found(&request.headers);
        Box::pin(async move { found })
    }
}

pub(super) fn router(payroll: &Payroll) -> Router {
    if !payroll.settings.is_at_home() {
        return Router::new();
    }
    Router::new()
        .route("/around/rooted", post(root))
        .route("/around/lose-reply", post(lose_reply))
        .with_state(payroll.clone())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rooted {
    rooted: bool,
}

async fn root(
    State(payroll): State<Payroll>,
    headers: HeaderMap,
    Body(Rooted { rooted }): Body<Rooted>,
) -> Response {
    let jar = Jar::of(&payroll.settings, &headers);
    let cookie = if rooted { jar.set(Keep::Rooted, "1") } else { jar.removed(Keep::Rooted) };
    with_cookies(StatusCode::NO_CONTENT.into_response(), [cookie])
}

async fn lose_reply(State(payroll): State<Payroll>, headers: HeaderMap) -> Response {
    let cookie = Jar::of(&payroll.settings, &headers).set(Keep::LoseReply, "1");
    with_cookies(StatusCode::NO_CONTENT.into_response(), [cookie])
}
