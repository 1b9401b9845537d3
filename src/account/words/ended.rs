//! Why a device session ended, for the person whose device it was.

use crate::refusal::Language;
use crate::session::LogOutCause;
use crate::time::Timestamp;

/// That a device session ended, when, and why.
///
/// With the feature `serde` it is written, as in `{"at":"2026-11-22T09:30:00.000Z","reason":"LifetimePassed"}`,
/// and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Ended {
    /// When, as the clock read then. `None` if the clock did not know; of a window, which passes unseen; and of a
    /// log-out from all devices, which is one event of the account.
    pub at: Option<Timestamp>,
    /// Why.
    pub reason: EndReason,
}

/// Why a device session ended. It is for whoever holds the device, so it names nobody: who did it is in the audit
/// trail ([`LogOutCause`]).
///
/// With the feature `serde` it is its name, as in `"LifetimePassed"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum EndReason {
    /// The person chose Log out on it.
    Asked,
    /// The person logged it out from another device.
    FromAnotherDevice,
    /// A user administrator logged it out.
    ByAdministrator,
    /// All devices were logged out, by the person or a user administrator. Told for as long as the device's row is in
    /// the table.
    LoggedOutEverywhere,
    /// Five wrong PINs, and the message about them was acknowledged.
    PinExhausted,
    /// No PIN was created within the window.
    PinWindowPassed,
    /// The absolute lifetime passed.
    LifetimePassed,
    /// The device was found rooted or jailbroken.
    DeviceModified,
    /// The table of devices was full, and this one had to go first.
    MadeRoom,
}

impl EndReason {
    /// All of them.
    pub const ALL: &'static [Self] = &[
        Self::Asked,
        Self::FromAnotherDevice,
        Self::ByAdministrator,
        Self::LoggedOutEverywhere,
        Self::PinExhausted,
        Self::PinWindowPassed,
        Self::LifetimePassed,
        Self::DeviceModified,
        Self::MadeRoom,
    ];

    /// Its name, which never changes.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "Asked",
            Self::FromAnotherDevice => "FromAnotherDevice",
            Self::ByAdministrator => "ByAdministrator",
            Self::LoggedOutEverywhere => "LoggedOutEverywhere",
            Self::PinExhausted => "PinExhausted",
            Self::PinWindowPassed => "PinWindowPassed",
            Self::LifetimePassed => "LifetimePassed",
            Self::DeviceModified => "DeviceModified",
            Self::MadeRoom => "MadeRoom",
        }
    }

    /// The text for the person who holds the device. What to do next stands in the view, not in here.
    #[must_use]
    pub const fn message(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english(),
            Language::Finnish => self.finnish(),
        }
    }

    const fn english(self) -> &'static str {
        match self {
            Self::Asked => "You logged out on this device.",
            Self::FromAnotherDevice => "This device was logged out from another one of yours.",
            Self::ByAdministrator => "A user administrator logged this device out.",
            Self::LoggedOutEverywhere => "You were logged out from all devices.",
            Self::PinExhausted => "You were logged out after five wrong PIN codes.",
            Self::PinWindowPassed => "The time to create a PIN code has passed.",
            Self::LifetimePassed => "The session on this device has expired.",
            Self::DeviceModified => {
                "This device was found rooted or jailbroken, and was logged out for security reasons."
            }
            Self::MadeRoom => {
                "You signed in on another device, and only so many can be signed in: this one was logged out."
            }
        }
    }

    const fn finnish(self) -> &'static str {
        match self {
            Self::Asked => "Kirjauduit ulos tällä laitteella.",
            Self::FromAnotherDevice => "Tämä laite kirjattiin ulos toiselta laitteeltasi.",
            Self::ByAdministrator => "Käyttäjähallitsija kirjasi tämän laitteen ulos.",
            Self::LoggedOutEverywhere => "Sinut kirjattiin ulos kaikista laitteista.",
            Self::PinExhausted => "Sinut kirjattiin ulos viiden väärän PIN-koodin jälkeen.",
            Self::PinWindowPassed => "PIN-koodin luomiseen varattu aika on kulunut umpeen.",
            Self::LifetimePassed => "Istunto tällä laitteella on vanhentunut.",
            Self::DeviceModified => {
                "Tämä laite havaittiin rootatuksi tai jailbreak-laitteeksi ja kirjattiin ulos tietoturvasyistä."
            }
            Self::MadeRoom => {
                "Kirjauduit sisään toisella laitteella. Tämä laite kirjattiin ulos, koska kirjautuneita laitteita voi olla vain rajallinen määrä."
            }
        }
    }

    /// What a device is told of this cause. Nothing of one that starts over, or whose account was erased; nor that
    /// somebody has left: whoever holds the phone need not know, and the person is told at the next sign-in.
    pub(in crate::account) const fn of(cause: LogOutCause) -> Option<Self> {
        Some(match cause {
            LogOutCause::Asked => Self::Asked,
            LogOutCause::FromAnotherDevice => Self::FromAnotherDevice,
            LogOutCause::ByAdministrator { .. } => Self::ByAdministrator,
            LogOutCause::PinWindowPassed => Self::PinWindowPassed,
            LogOutCause::LifetimePassed => Self::LifetimePassed,
            LogOutCause::DeviceModified => Self::DeviceModified,
            LogOutCause::MadeRoom => Self::MadeRoom,
            LogOutCause::Reauthenticated | LogOutCause::Erased | LogOutCause::NoLongerEligible => {
                return None;
            }
        })
    }
}
