//! What a device has enrolled: the PIN, its ledger of attempts, and biometrics.

use super::biometric::Biometrics;
use crate::pin::{Attempts, Credential};

/// The means by which one device unlocks. Log-out discards it whole (D07).
#[derive(Debug)]
pub struct Enrolment {
    pub(crate) credential: Credential,
    pub(crate) attempts: Attempts,
    pub(crate) biometrics: Biometrics,
}

impl Enrolment {
    pub(crate) fn new(credential: Credential) -> Self {
        Self { credential, attempts: Attempts::default(), biometrics: Biometrics::default() }
    }

    /// The ledger of PIN attempts.
    #[must_use]
    pub const fn attempts(&self) -> &Attempts {
        &self.attempts
    }

    /// The enabled biometrics.
    #[must_use]
    pub const fn biometrics(&self) -> &Biometrics {
        &self.biometrics
    }
}
