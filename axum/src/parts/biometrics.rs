//! Faces and fingerprints.

use pinlatch::secret::DeviceToken;
use pinlatch::session::BiometricAssertion;
use serde_json::Value;

use super::Answer;
use super::authentication::NotVerified;

/// Verifies what a device or its platform says of a face or fingerprint.
pub trait VerifiesBiometrics: Send + Sync {
    /// What the evidence says: which of the two, whether the person was recognised, and the present set of them. The same
    /// form is asked for when one is enabled. A refusal belongs into the assertion (`recognised: false`), so that the
    /// gate decides it.
    ///
    /// When one is enabled the device token has been proven, and is that of the session. When one opens the lock the gate
    /// has still to compare it.
    fn assertion<'a>(
        &'a self,
        device: &'a DeviceToken,
        evidence: Value,
    ) -> Answer<'a, Result<BiometricAssertion, NotVerified>>;
}
