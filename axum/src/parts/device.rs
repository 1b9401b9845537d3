//! What the host knows of a device and of its person.

use axum::http::request::Parts;
use pinlatch::account::DeviceIntegrity;
use pinlatch::id::PersonId;
use pinlatch::pin::PersonalWords;

use super::Answer;
use super::failed::PartFailed;

/// Attests devices, by what they send along (Play Integrity, App Attest).
pub trait AttestsDevices: Send + Sync {
    /// The verdict for this request. What could not be told is [`DeviceIntegrity::Unknown`]: `Unmodified` is the
    /// host's statement.
    fn verdict<'a>(&'a self, request: &'a Parts) -> Answer<'a, DeviceIntegrity>;
}

/// Knows what people make PINs of: birth dates, telephone and employee numbers.
pub trait KnowsPersonalWords: Send + Sync {
    /// What this person may not make a PIN of; the birth date at least.
    fn words(&self, person: PersonId) -> Answer<'_, Result<PersonalWords, PartFailed>>;
}
