//! What a person plays around a phone: that it is rooted, that a reply gets lost. At home only.

use axum::Router;
use axum::http::request::Parts;
use pinlatch::account::DeviceIntegrity;
use pinlatch_axum::parts::{Answer, AttestsDevices};

use crate::payroll::Payroll;
use crate::settings::Settings;

/// What attestation finds. PRODUCTION: Play Integrity or App Attest; a browser attests nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attestation;

impl Attestation {
    pub(crate) fn of(_: &Settings) -> Self {
        Self
    }
}

impl AttestsDevices for Attestation {
    fn verdict<'a>(&'a self, _: &'a Parts) -> Answer<'a, DeviceIntegrity> {
        Box::pin(async { DeviceIntegrity::Unmodified })
    }
}

pub(super) fn router(_: &Payroll) -> Router {
    Router::new()
}
