//! What happened to a device session or to its whole account, for the audit trail. No secret is in it.

use core::time::Duration;

use super::biometric::Modality;
use crate::id::{CompanyId, DeviceId, Generation, PersonId};
use crate::people::AuthenticationMethod;
#[cfg(feature = "serde")]
use crate::time::milliseconds;

/// An accepted transition: what a session's move says of itself, and what the journal gets.
///
/// With the feature `serde` a field that is not known is passed over: see
/// [`Event`](crate::account::Event).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Change {
    /// Strong authentication succeeded; a PIN has to be created.
    Authenticated {
        /// By which method.
        method: AuthenticationMethod,
        /// Whether an invitation was consumed.
        by_invitation: bool,
    },
    /// A PIN was created and the app is open (R07, R09).
    PinCreated,
    /// The app was locked.
    Locked(LockCause),
    /// The right PIN was entered.
    UnlockedByPin,
    /// A face or fingerprint was recognised.
    UnlockedByBiometric(Modality),
    /// A wrong PIN was entered; so many in a row now, 1 to 4.
    PinRejected {
        /// Wrong PINs since the last right one.
        failures: u8,
    },
    /// The fifth wrong PIN: PIN and biometric were wiped (R13, R14).
    PinExhausted,
    /// The message about too many wrong PINs was acknowledged.
    Acknowledged,
    /// The PIN was replaced by a new one (E29).
    PinChanged,
    /// A biometric was enabled.
    BiometricEnabled(Modality),
    /// A biometric was disabled by the person.
    BiometricDisabled(Modality),
    /// A biometric was disabled because the device's set of them changed (E28).
    BiometricBaselineChanged(Modality),
    /// Logged out on this device.
    LoggedOut(LogOutCause),
    /// Logged out from all devices; this is one of them.
    RevokedAll,
    /// The device got another label.
    DeviceRenamed,
    /// Of the account: it was erased; a tombstone is left (D30).
    Erased,
    /// Of the account: a user administrator invited the person (R34).
    Invited {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
        /// Administrators may re-invite themselves; the trail says so (D15).
        self_issued: bool,
        /// Whether it replaced an older invitation (D20).
        replaced: bool,
    },
    /// Of the account: a user administrator withdrew the open invitation.
    InvitationWithdrawn {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
    },
    /// Of the account: everything older than this generation is void (R31, D16). Every device that
    /// was signed in has a [`RevokedAll`](Self::RevokedAll) of its own besides.
    LoggedOutEverywhere {
        /// Who chose it.
        by: RevokedBy,
        /// The new generation.
        generation: Generation,
        /// Whether an open invitation was voided (D20).
        voided_invitation: bool,
    },
    /// Of the account: the host's clock was set back, by more than two hosts may differ (D23). While such
    /// an event waits for the journal, the next one is counted in its place; one that the journal has taken,
    /// but that has not left the record yet, is counted once more there.
    ClockSetBack {
        /// How often.
        times: u32,
        /// By how much, the largest of them, in whole milliseconds. With the feature `serde` their number,
        /// under the name `largest_milliseconds`.
        #[cfg_attr(feature = "serde", serde(rename = "largest_milliseconds", with = "milliseconds"))]
        largest: Duration,
    },
}

impl Change {
    /// Whether it is about the whole account, and not about one device session.
    #[must_use]
    pub const fn is_of_the_account(&self) -> bool {
        matches!(
            self,
            Self::Invited { .. }
                | Self::InvitationWithdrawn { .. }
                | Self::LoggedOutEverywhere { .. }
                | Self::ClockSetBack { .. }
                | Self::Erased
        )
    }
}

/// Who logged out from all devices.
///
/// With the feature `serde` it is its name and what it holds, as in `{"Person":…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum RevokedBy {
    /// The person, on this device.
    Person(DeviceId),
    /// A user administrator, for a lost phone (D17).
    Administrator {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
    },
}

/// Why an app was locked.
///
/// With the feature `serde` it is its name, as in `"Idle"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LockCause {
    /// The person chose Lock, or the app was closed.
    Asked,
    /// The idle window passed (D22).
    Idle,
    /// The clock was set back behind the time at which the app was opened or used (D23).
    ClockSetBack,
}

/// Why a device was logged out.
///
/// With the feature `serde` it is its name, as in `"MadeRoom"`, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum LogOutCause {
    /// The person chose Log out.
    Asked,
    /// The person logged this device out from another one.
    FromAnotherDevice,
    /// No PIN was created within the window (E11).
    PinWindowPassed,
    /// The absolute lifetime passed (D22).
    LifetimePassed,
    /// The device was found rooted or jailbroken (E14).
    DeviceModified,
    /// The person is no longer eligible anywhere (E22, E23).
    NoLongerEligible,
    /// The table of devices was full, and this one had to go first (D33).
    MadeRoom,
    /// The person authenticated anew on this device: it starts over (E08).
    Reauthenticated,
    /// The account was erased (D30).
    Erased,
    /// A user administrator logged this device out.
    ByAdministrator {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
    },
}
