//! Faces and fingerprints.

use pinlatch::secret::DeviceToken;
use pinlatch::session::BiometricAssertion;
use serde_json::Value;

use super::Answer;
use super::authentication::NotVerified;
use super::failed::PartFailed;

/// What a face or finger is shown for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BiometricUse {
    /// To be enabled: the session is open, and the device token is its own.
    Enable,
    /// To open the lock: the gate has still to compare the device token.
    Open,
}

/// Verifies what a device or its platform says of a face or fingerprint.
pub trait VerifiesBiometrics: Send + Sync {
    /// What the evidence says: which of the two, whether the person was recognised, and the present set of them. The
    /// evidence is the whole body of the request, in whatever form you and your app agree on. A refusal belongs into the
    /// assertion (`recognised: false`), so that the gate decides it.
    ///
    /// **`baseline` is the set of faces or fingers that the platform has now, and not the one that was shown.** Where it is
    /// another than the enrolled one, the gate turns it off, recognised or not (E28): so leave it out (`None`) of an
    /// assertion that tells nothing of the set, such as a signature that does not fit.
    ///
    /// Keep what you keep of an enrolment by the digest of the device token ([`DeviceToken::digest`]). Nothing tells you that
    /// an enrolment has ended: the gate refuses it then, and a new one has another token or comes through
    /// [`accepted`](Self::accepted).
    ///
    /// **Evidence for one use is none for the other.** Where enabling takes a new key (a registration of WebAuthn), whoever
    /// could open by such a registration would open with a key of their own. And nothing that opens the lock later may be
    /// put in the place of what is enrolled by this: the gate may still refuse. That is for
    /// [`accepted`](Self::accepted).
    fn assertion<'a>(
        &'a self,
        device: &'a DeviceToken,
        wanted: BiometricUse,
        evidence: Value,
    ) -> Answer<'a, Result<BiometricAssertion, NotVerified>>;

    /// The gate has accepted this assertion: the moment to keep what was enrolled. Nothing, unless it is written.
    ///
    /// If it fails, the request is answered so, and what was asked for is done all the same.
    #[allow(unused_variables, reason = "their names are for who writes it")]
    fn accepted<'a>(
        &'a self,
        device: &'a DeviceToken,
        used: BiometricUse,
        assertion: &'a BiometricAssertion,
    ) -> Answer<'a, Result<(), PartFailed>> {
        Box::pin(async { Ok(()) })
    }
}
