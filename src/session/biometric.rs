//! Face and fingerprint: the device matches them, the host reports it, the crate decides.

use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::Digest;

/// A biometric that unlocks (R28). There is no other.
///
/// With the feature `serde` it is its name, as in `"Face"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Modality {
    /// Facial recognition.
    Face,
    /// Fingerprint.
    Fingerprint,
}

/// The device's set of enrolled faces or fingerprints, as a digest of whatever the platform gives
/// to tell a changed set (for example the domain state of the local authentication service, or
/// the id of a key that a new enrolment invalidates).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline(Digest);

impl Baseline {
    /// The baseline of what the platform reports.
    #[must_use]
    pub fn of(platform_state: &[u8]) -> Self {
        Self(Digest::of(&[b"pinlatch/biometric/1", platform_state]))
    }

    pub(crate) const fn restore(digest: Digest) -> Self {
        Self(digest)
    }

    pub(crate) const fn digest(&self) -> &Digest {
        &self.0
    }
}

/// What the device reports of one biometric attempt.
#[derive(Clone, Copy, Debug)]
pub struct BiometricAssertion {
    /// Face or fingerprint.
    pub modality: Modality,
    /// Whether the platform recognised the person.
    pub recognised: bool,
    /// The device's present baseline; `None` if the platform cannot tell.
    pub baseline: Option<Baseline>,
}

/// Which biometrics are enabled on a device, each with the baseline of that moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Biometrics {
    pub(crate) face: Option<Baseline>,
    pub(crate) fingerprint: Option<Baseline>,
}

impl Biometrics {
    /// Whether this biometric is enabled.
    #[must_use]
    pub const fn enabled(&self, modality: Modality) -> bool {
        self.baseline(modality).is_some()
    }

    /// Whether none is enabled.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.face.is_none() && self.fingerprint.is_none()
    }

    pub(crate) const fn baseline(&self, modality: Modality) -> Option<Baseline> {
        match modality {
            Modality::Face => self.face,
            Modality::Fingerprint => self.fingerprint,
        }
    }

    pub(crate) const fn set(&mut self, modality: Modality, baseline: Option<Baseline>) {
        match modality {
            Modality::Face => self.face = baseline,
            Modality::Fingerprint => self.fingerprint = baseline,
        }
    }

    /// Whether the assertion opens (R27, E28). A changed or missing baseline never does, even with
    /// a recognised face: somebody may have added theirs.
    pub(crate) fn judge(&self, assertion: &BiometricAssertion) -> Result<(), Refusal> {
        let refused = |code, cause| Err(Refusal::because(code, cause));
        let Some(enabled) = self.baseline(assertion.modality) else {
            return refused(RefusalCode::BiometricUnavailable, Cause::BiometricNotEnabled);
        };
        match (assertion.recognised, assertion.baseline) {
            (true, Some(present)) if present == enabled => Ok(()),
            // Not recognised, and the set unchanged or unreadable: nothing is known against it (D28).
            (false, None) => Err(RefusalCode::BiometricRejected.into()),
            (false, Some(present)) if present == enabled => Err(RefusalCode::BiometricRejected.into()),
            _ => refused(RefusalCode::BiometricUnavailable, Cause::BiometricBaselineChanged),
        }
    }
}
