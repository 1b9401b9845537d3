//! What kind of "no" a refusal is.

use super::code::RefusalCode;

/// What to do about a refusal, roughly: enough to choose a screen or a status of HTTP. What exactly, for
/// this person now, is the [`NextStep`](super::NextStep).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RefusalKind {
    /// Nothing is wrong with the request: the same again, later.
    Retry,
    /// Enter the PIN, or create it.
    EnterPin,
    /// Authenticate strongly.
    Authenticate,
    /// Acknowledge the message that the PIN is gone.
    Acknowledge,
    /// Somebody else has to change something first: a user administrator, or whoever keeps the employees.
    AskAdministrator,
    /// The input was not right: another one, please.
    FixInput,
    /// It is not allowed, and nobody is meant to allow it.
    NotAllowed,
}

impl RefusalCode {
    /// The kind of the refusals with this code, to a [`Person`](super::Audience::Person).
    #[must_use]
    pub const fn kind(self) -> RefusalKind {
        use RefusalCode as C;
        match self {
            C::DeviceIntegrityUnknown
            | C::GuessesInFlight
            | C::GuessOvertaken
            | C::ClockUnavailable
            | C::Unavailable
            | C::AuditTrailFull => RefusalKind::Retry,
            C::PinRequired
            | C::PinExists
            | C::IncorrectPin
            | C::Locked
            | C::SessionRequired
            | C::StepUpRequired
            | C::BiometricUnavailable
            | C::BiometricRejected => RefusalKind::EnterPin,
            C::AuthenticationRequired
            | C::AuthenticationFailed
            | C::MethodNotAvailable
            | C::NothingToAcknowledge
            | C::CredentialUnusable => RefusalKind::Authenticate,
            C::AcknowledgementRequired | C::PinExhausted => RefusalKind::Acknowledge,
            C::InvitationRequired
            | C::ReinvitationRequired
            | C::NotAUser
            | C::NoChargeableService
            | C::NotEligible
            | C::FunctionNotInServices => RefusalKind::AskAdministrator,
            C::PinMismatch
            | C::PinMalformed
            | C::PinTooWeak
            | C::PinUnchanged
            | C::NothingToChange
            | C::UnknownDevice
            | C::NoInvitation
            | C::RecordFull => RefusalKind::FixInput,
            C::UnsupportedDevice | C::DeviceInUse | C::NotOwnData | C::NoRight | C::NotAuthorised => {
                RefusalKind::NotAllowed
            }
        }
    }
}
