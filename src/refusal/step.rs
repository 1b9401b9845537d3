//! What whoever was refused does next.

use core::time::Duration;

use super::code::RefusalCode;
#[cfg(feature = "serde")]
use crate::time::milliseconds;

/// What a person does next to get in, or to get what was refused (I14).
///
/// A refusal names one, and so does a look at a device. It is for the app to choose a screen by, and has no
/// text.
///
/// With the feature `serde` it is its name, and a wait in milliseconds:
/// `{"TryAgain":{"after_milliseconds":5000}}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
#[non_exhaustive]
pub enum NextStep {
    /// Go on: the app is open. Home if the phone holds a session token, else the PIN pad.
    UseApp,
    /// Create a PIN.
    CreatePin,
    /// Enter the PIN, or use a face or fingerprint where that is enabled.
    EnterPin,
    /// Choose "OK" below the message that the PIN is gone.
    Acknowledge,
    /// Authenticate with a bank, a mobile certificate or an identity provider.
    Authenticate,
    /// Open the invitation that was sent, and authenticate with it.
    PresentInvitation,
    /// Ask a user administrator for an invitation.
    AskForInvitation,
    /// Ask the employer, who keeps employments, services and users.
    AskEmployer,
    /// The same again, after this wait at the earliest.
    TryAgain {
        /// How long to wait; none is at once. With the feature `serde` the number of whole milliseconds,
        /// under the name `after_milliseconds`.
        #[cfg_attr(feature = "serde", serde(rename = "after_milliseconds", with = "milliseconds"))]
        after: Duration,
    },
    /// Enter something else, as the text says.
    CorrectInput,
    /// Log out whoever is signed in on this device.
    LogOutHere,
    /// Use a device that was not modified.
    UseAnotherDevice,
    /// Nothing: it is not for this person to do.
    NotAllowed,
}

/// The wait for what is over in a moment: a guess that is being compared, a device that could not be
/// attested, a write that met another.
const A_MOMENT: Duration = Duration::from_secs(5);
/// The wait for what an operator or a clock has to put right. The times are ours: short enough that nobody
/// gives up, long enough that a thousand phones do not keep down what is coming up.
const A_WHILE: Duration = Duration::from_secs(30);

impl RefusalCode {
    /// What a [`Person`](super::Audience::Person) does next who is told this code and of whom no more is
    /// known. An account that knows more names another step in the [`Refusal`](super::Refusal).
    #[must_use]
    pub const fn next_step(self) -> NextStep {
        use RefusalCode as C;
        match self {
            C::PinRequired => NextStep::CreatePin,
            C::PinExists
            | C::IncorrectPin
            | C::Locked
            | C::SessionRequired
            | C::StepUpRequired
            | C::BiometricUnavailable
            | C::BiometricRejected => NextStep::EnterPin,
            C::AcknowledgementRequired | C::PinExhausted => NextStep::Acknowledge,
            C::AuthenticationRequired
            | C::AuthenticationFailed
            | C::MethodNotAvailable
            | C::NothingToAcknowledge
            | C::CredentialUnusable => NextStep::Authenticate,
            C::InvitationRequired | C::ReinvitationRequired => NextStep::AskForInvitation,
            C::NotAUser | C::NoChargeableService | C::NotEligible | C::FunctionNotInServices => {
                NextStep::AskEmployer
            }
            // Whatever overtook the guess is done: nothing is to be waited for.
            C::GuessOvertaken => NextStep::TryAgain { after: Duration::ZERO },
            C::GuessesInFlight | C::DeviceIntegrityUnknown => NextStep::TryAgain { after: A_MOMENT },
            C::ClockUnavailable | C::Unavailable | C::AuditTrailFull => NextStep::TryAgain { after: A_WHILE },
            C::PinMismatch
            | C::PinMalformed
            | C::PinTooWeak
            | C::PinUnchanged
            | C::NothingToChange
            | C::UnknownDevice
            | C::NoInvitation
            | C::RecordFull => NextStep::CorrectInput,
            C::DeviceInUse => NextStep::LogOutHere,
            C::UnsupportedDevice => NextStep::UseAnotherDevice,
            C::NotOwnData | C::NoRight | C::NotAuthorised => NextStep::NotAllowed,
        }
    }
}
