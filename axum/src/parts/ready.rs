//! Ready-made parts **for tests and examples, never for production**: each believes what it is told. They
//! are there with the feature `test-parts`, so that no production build has them by accident.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use axum::http::HeaderValue;
use axum::http::request::Parts;
use pinlatch::access::BrowserSession;
use pinlatch::account::{DeviceIntegrity, IssuedInvitation};
use pinlatch::id::PersonId;
use pinlatch::people::AuthenticationMethod;
use pinlatch::pin::PersonalWords;
use pinlatch::secret::DeviceToken;
use pinlatch::session::{Baseline, BiometricAssertion, Modality};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Answer, AttestsDevices, BegunSignIn, BiometricUse, FlowId, KnowsPersonalWords, NotVerified, PartFailed,
    ReadsBrowserSession, SendsInvitations, Verified, VerifiesAuthentication, VerifiesBiometrics,
};

/// A bank that believes whoever comes: evidence is `{"person":…,"method":…}`, or `{"cancelled":true}`.
#[derive(Clone, Copy, Debug, Default)]
pub struct TestBank;

#[derive(Deserialize)]
#[serde(untagged)]
enum Claimed {
    Somebody(Verified),
    Nobody { cancelled: bool },
}

impl VerifiesAuthentication for TestBank {
    fn begin<'a>(
        &'a self,
        _: FlowId,
        _: &'a [AuthenticationMethod],
    ) -> Answer<'a, Result<Value, PartFailed>> {
        Box::pin(async { Ok(json!({ "bank": "a test: it believes whoever comes" })) })
    }

    fn verify<'a>(
        &'a self,
        _: FlowId,
        _: &'a BegunSignIn,
        evidence: Value,
    ) -> Answer<'a, Result<Verified, NotVerified>> {
        let claimed = serde_json::from_value(evidence);
        Box::pin(async move {
            match claimed {
                Ok(Claimed::Somebody(verified)) => Ok(verified),
                Ok(Claimed::Nobody { cancelled: true }) => Err(NotVerified::Cancelled),
                Ok(Claimed::Nobody { cancelled: false }) => Err(NotVerified::Failed),
                Err(_) => Err(NotVerified::Malformed),
            }
        })
    }
}

/// Says of every device that it is unmodified, but for those that send `Pinlatch-Test-Integrity: Modified` or
/// `Unknown`.
#[derive(Clone, Copy, Debug, Default)]
pub struct EveryDeviceUnmodified;

impl AttestsDevices for EveryDeviceUnmodified {
    fn verdict<'a>(&'a self, request: &'a Parts) -> Answer<'a, DeviceIntegrity> {
        let said = request.headers.get("pinlatch-test-integrity").map(HeaderValue::as_bytes);
        let verdict = match said {
            None | Some(b"Unmodified") => DeviceIntegrity::Unmodified,
            Some(b"Modified") => DeviceIntegrity::Modified,
            Some(_) => DeviceIntegrity::Unknown,
        };
        Box::pin(async move { verdict })
    }
}

/// Knows nothing of anybody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWords;

impl KnowsPersonalWords for NoWords {
    fn words(&self, _: PersonId) -> Answer<'_, Result<PersonalWords, PartFailed>> {
        Box::pin(async { Ok(PersonalWords::none()) })
    }
}

/// Believes what a device says of a face or fingerprint: `{"modality":"Face","recognised":true,"set":"…"}`, with
/// whatever text the platform gives to tell a changed set.
#[derive(Clone, Copy, Debug, Default)]
pub struct DeviceSaysSo;

#[derive(Deserialize)]
struct Said {
    modality: Modality,
    recognised: bool,
    set: Option<String>,
}

impl VerifiesBiometrics for DeviceSaysSo {
    fn assertion<'a>(
        &'a self,
        _: &'a DeviceToken,
        _: BiometricUse,
        evidence: Value,
    ) -> Answer<'a, Result<BiometricAssertion, NotVerified>> {
        let said = serde_json::from_value(evidence).map_err(|_| NotVerified::Malformed);
        Box::pin(async {
            let Said { modality, recognised, set } = said?;
            let baseline = set.map(|set| Baseline::of(set.as_bytes()));
            Ok(BiometricAssertion { modality, recognised, baseline })
        })
    }
}

/// Believes that whoever sends `Pinlatch-Test-Person: <id>` is signed in to the browser as that person.
#[derive(Clone, Copy, Debug, Default)]
pub struct PersonInHeader;

impl ReadsBrowserSession for PersonInHeader {
    fn browser_session<'a>(
        &'a self,
        request: &'a mut Parts,
    ) -> Answer<'a, Result<Option<BrowserSession>, PartFailed>> {
        let person =
            request.headers.get("pinlatch-test-person").and_then(|id| id.to_str().ok()?.parse().ok());
        Box::pin(async move { Ok(person.map(BrowserSession::verified_by_host)) })
    }
}

/// Keeps the last invitation of each person instead of sending it.
#[derive(Debug, Default)]
pub struct KeptInvitations(Mutex<HashMap<PersonId, IssuedInvitation>>);

impl KeptInvitations {
    /// The invitation that this person was sent last, as the text that the link would have.
    #[must_use]
    pub fn of(&self, person: PersonId) -> Option<String> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&person).map(|invitation| invitation.token.expose().to_owned())
    }
}

impl SendsInvitations for KeptInvitations {
    fn send(&self, person: PersonId, invitation: IssuedInvitation) -> Answer<'_, Result<(), PartFailed>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(person, invitation);
        Box::pin(async { Ok(()) })
    }
}
