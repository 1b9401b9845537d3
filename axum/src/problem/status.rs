//! The status of each code: the table of the guide's page on statuses.

use axum::http::StatusCode;
use pinlatch::refusal::{NextStep, Refusal, RefusalCode};

/// The status that a refusal with this code is answered with. Apps read the body; this is for proxies.
#[must_use]
pub const fn status_of(code: RefusalCode) -> StatusCode {
    use RefusalCode as C;
    match code {
        C::AuthenticationRequired | C::SessionRequired => StatusCode::UNAUTHORIZED,
        C::UnknownDevice | C::NoInvitation => StatusCode::NOT_FOUND,
        C::AcknowledgementRequired
        | C::NothingToAcknowledge
        | C::PinRequired
        | C::PinExists
        | C::DeviceInUse
        | C::GuessOvertaken => StatusCode::CONFLICT,
        C::PinExhausted => StatusCode::GONE,
        C::PinMalformed
        | C::PinMismatch
        | C::PinTooWeak
        | C::PinUnchanged
        | C::NothingToChange
        | C::RecordFull => StatusCode::UNPROCESSABLE_ENTITY,
        C::GuessesInFlight => StatusCode::TOO_MANY_REQUESTS,
        C::DeviceIntegrityUnknown | C::ClockUnavailable | C::Unavailable | C::AuditTrailFull => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        // Not allowed, or not allowed yet. A code of a later release is refused as well.
        _ => StatusCode::FORBIDDEN,
    }
}

/// Up to the next whole second: a phone that comes a moment too early is told to wait again. From the refusal, which
/// may know the wait better than its code.
pub(super) fn retry_after(refusal: Refusal, status: StatusCode) -> Option<u64> {
    match refusal.next_step() {
        NextStep::TryAgain { after }
            if matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE) =>
        {
            u64::try_from(after.as_millis().div_ceil(1_000)).ok()
        }
        _ => None,
    }
}
