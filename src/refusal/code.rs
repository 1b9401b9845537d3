//! The stable codes of refusals.

use core::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The stable code of a refusal. Its name is its text form, with the feature `serde` too, and never changes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum RefusalCode {
            $($(#[$doc])* $name,)*
        }

        impl RefusalCode {
            /// Every code there is, in the order of this page.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as text, for example `IncorrectPin`.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

codes! {
    /// The device is rooted or jailbroken (R03, R04, E14).
    UnsupportedDevice,
    /// The device's integrity is unknown, so nothing is raised; nothing is wiped either (D21).
    DeviceIntegrityUnknown,
    /// Not signed in on this device: strong authentication is needed (R10, E32).
    AuthenticationRequired,
    /// Strong authentication failed or was cancelled; nothing has changed (E10).
    AuthenticationFailed,
    /// This person does not have the method of authentication that was used (R01, R30).
    MethodNotAvailable,
    /// A person without Finnish bank credentials must be invited first (R02).
    InvitationRequired,
    /// Logged out from all devices: a user administrator must re-invite (R33, E16).
    ReinvitationRequired,
    /// Somebody else is signed in on this device, and has to be logged out first (E09, D34).
    DeviceInUse,
    /// The message after too many wrong PINs has to be acknowledged first (D06).
    AcknowledgementRequired,
    /// There is no such message to acknowledge.
    NothingToAcknowledge,
    /// A PIN has to be created first (R06).
    PinRequired,
    /// There is a PIN already: nothing to create.
    PinExists,
    /// The entries differ (R08).
    PinMismatch,
    /// The PIN does not have the length that is asked for, or not only digits; nothing was counted (D19).
    PinMalformed,
    /// The PIN is too easy to guess (R08, D19).
    PinTooWeak,
    /// The new PIN is the old one (E29).
    PinUnchanged,
    /// Wrong PIN, one to four times (R12).
    IncorrectPin,
    /// As many guesses are being checked as there may be; nothing was counted (D24, D27).
    GuessesInFlight,
    /// Something else happened while the PIN was checked, so that it decides nothing: said alike of a right
    /// and of a wrong one (D25).
    GuessOvertaken,
    /// Five wrong PINs: PIN and biometric are gone (R13, E06).
    PinExhausted,
    /// The stored credential cannot be used: authenticate again (E32).
    CredentialUnusable,
    /// The app is locked: open it by PIN, face or fingerprint (R26).
    Locked,
    /// The session has ended (R26, I06).
    SessionRequired,
    /// The session was not opened by PIN, or not lately enough for this (D26, D28).
    StepUpRequired,
    /// Face or fingerprint is not enabled here, or has changed since: use the PIN (E28).
    BiometricUnavailable,
    /// Face or fingerprint was not recognised; nothing was counted (D05).
    BiometricRejected,
    /// Not established as a user (R18, R24).
    NotAUser,
    /// No chargeable service is selected for the employee (R21, E19).
    NoChargeableService,
    /// Neither employee nor user, whatever the reason (E18, E23, E24).
    NotEligible,
    /// The function belongs to a service that is not selected (R22).
    FunctionNotInServices,
    /// Another person's data, with rights to one's own only (R25).
    NotOwnData,
    /// No right to this function (D10).
    NoRight,
    /// The administrator lacks the role or the company for this, or acts in the app (R36, D15).
    NotAuthorised,
    /// As many companies, employments or accesses as fit are in the person's record (D31).
    RecordFull,
    /// No such employment, service or user access to act on.
    NothingToChange,
    /// There is no such device session in this account.
    UnknownDevice,
    /// There is no open invitation to withdraw.
    NoInvitation,
    /// The time is unknown, so nothing that depends on it is granted.
    ClockUnavailable,
    /// The service itself failed; the host's log says how. Nothing was granted.
    Unavailable,
    /// The audit trail is full because the journal takes nothing; nothing is raised until it does.
    AuditTrailFull,
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
