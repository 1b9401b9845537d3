//! What only the audit trail learns of a refusal.

/// Why a command was refused, more closely than the code says.
///
/// Never shown to whoever asked: several causes share one code on purpose, so that a stranger
/// cannot tell an unknown account from a wrong credential (E18, E33).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Cause {
    /// The code says it all.
    AsCoded,
    /// The directory does not know the person.
    UnknownPerson,
    /// The person has neither an employment nor a user access.
    NeitherEmployeeNorUser,
    /// Every employment has ended (E23).
    EmploymentEnded,
    /// The employment has not begun yet (E24).
    EmploymentNotBegun,
    /// A user access exists and is not valid today (E22).
    UserAccessNotValid,
    /// A user who is no employee, refused by policy (D12).
    UserWithoutEmployment,
    /// The services were closed, and the month is over (E19).
    ServicesClosed,
    /// No invitation was presented (R02, R33).
    NoInvitationPresented,
    /// The invitation is past its time (D20).
    InvitationExpired,
    /// The invitation was used, replaced, withdrawn or voided, or never issued (E16).
    InvitationNotCurrent,
    /// The authentication began before a log-out from all devices (E13).
    BegunBeforeRevokeAll,
    /// The evidence of authentication names another person.
    AnotherPerson,
    /// The acting person lacks the role in that company (R36, D14).
    RoleMissing,
    /// The person acted on does not belong to the administrator's company (R36, E25).
    UnrelatedCompany,
    /// The command is for the browser only (R36).
    WrongChannel,
    /// One's own profile, roles or user access (D15).
    OwnRights,
    /// The token fits no device session of the account: log-out, re-install or forgery.
    TokenUnknown,
    /// The text is no token.
    TokenMalformed,
    /// The record is damaged and was left untouched (E32).
    RecordUnreadable,
    /// The PIN was made under a pepper that the host no longer supplies (E32).
    PepperUnknown,
    /// The stored hashing parameters are outside the bounds (E32).
    ParametersOutOfBounds,
    /// Five guesses were charged and not settled: a burst, or crashes.
    GuessesInFlight,
    /// The credential was replaced or wiped while the guess was compared.
    GuessOvertaken,
    /// The entry contains something else than ASCII digits.
    NotDigits,
    /// The entry does not have the length of the PIN.
    WrongLength,
    /// The PIN is easy to guess by rule (D19).
    WeakByRule,
    /// The PIN is made of something known about the person (D19).
    WeakByPersonalWord,
    /// Face or fingerprint was never enabled on this device.
    BiometricNotEnabled,
    /// The device's set of faces or fingerprints has changed, or cannot be told (E28).
    BiometricBaselineChanged,
    /// The host's user pressed cancel.
    Cancelled,
    /// The PIN was not created within its window (E11).
    PinWindowPassed,
    /// The absolute lifetime of the sign-in has passed (D22).
    LifetimePassed,
    /// What was drawn at random is in the record already: the host's random source repeats itself (E39).
    DrawRepeated,
}
