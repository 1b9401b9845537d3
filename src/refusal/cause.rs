//! What only the audit trail learns of a refusal.

/// Why a command was refused, more closely than the code says.
///
/// Never shown to whoever asked: several causes share one code on purpose, so that a stranger
/// cannot tell an unknown account from a wrong credential (E18, E33).
///
/// With the feature `serde` it is its name, for a journal alone.
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
    /// The authentication began before what voids all that were begun: a log-out from all devices (E13), an erasing, a record
    /// made anew (E32), a clock set back (D34). Or within the policy's skew after it: by another host's clock that may have
    /// been before.
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
    /// The person whose data it is has no relation to that company, or is unknown (R22).
    UnrelatedOwner,
    /// No function of that name is among the host's own (D32).
    UnknownFunction,
    /// Own data without an employment in effect, or a leaver's days (R22, D12).
    NotEmployed,
    /// The token fits no device session of the account: log-out, re-install or forgery.
    TokenUnknown,
    /// The text is no token.
    TokenMalformed,
    /// The record is damaged and was left untouched (E32).
    RecordUnreadable,
    /// The record is of a newer version than this host knows: a host was not updated yet (E32).
    RecordNewer,
    /// The record is of another kind, or of another account: keys or tables were mixed up (E32).
    RecordForeign,
    /// The PIN was made under a pepper that the host no longer supplies (E32).
    PepperUnknown,
    /// The stored hashing parameters are outside the bounds (E32).
    ParametersOutOfBounds,
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
    /// A random draw, an id, a token or a salt, was used before (E39).
    DrawRepeated,
    /// The person stood nowhere on a day since the session began (E23).
    GapInEmployment,
    /// The start of the authentication made a device session already (D34).
    StartUsed,
    /// The start of the authentication is past its window (D34).
    StartTooOld,
    /// The start of the authentication lies ahead of the account's time (D34).
    StartFromTheFuture,
    /// The session was opened by something else than the PIN (D26, D28).
    NotOpenedByPin,
    /// The session was opened by PIN longer ago than was asked for (D26).
    PinTooLongAgo,
    /// The clock knows no time, or one outside the years 2000 to 9999 (D23).
    ClockUnknown,
}
