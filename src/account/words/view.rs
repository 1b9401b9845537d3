//! How one device stands, and how an account does.

use alloc::vec::Vec;

use super::ended::Ended;
use super::last_opened::LastOpened;
use super::standing::Standing;
use super::summary::DeviceSummary;
use crate::id::{DeviceId, PersonId};
use crate::refusal::NextStep;
use crate::session::SessionState;
use crate::time::Timestamp;

/// How one device stands, and what its person does next. It holds no secret.
///
/// With the feature `serde` it is written, every field by its name, and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct DeviceView {
    /// In which state its session is.
    pub state: SessionState,
    /// What to do next.
    pub next: NextStep,
    /// The device session, by which the person's other devices and the audit trail name it; `None` of a device
    /// that the account does not know.
    pub device: Option<DeviceId>,
    /// How many digits the PIN has, or is to have where one is to be created.
    pub pin_digits: Option<u8>,
    /// How many wrong PINs in a row, the last one included, end the PIN, where there is one: 5 to 1. Guesses
    /// whose answer is still open do not count. Whether the app shows it is the host's to say.
    #[doc(alias = "attempts left")]
    pub tries_left: Option<u8>,
    /// Whether the face opens it.
    pub face: bool,
    /// Whether the fingerprint opens it.
    pub fingerprint: bool,
    /// When and by what it was opened last, if ever.
    pub last_opened: Option<LastOpened>,
    /// When and why its session ended, if it did and the account remembers it: of the last
    /// [`ENDED_REMEMBERED`](crate::account::ENDED_REMEMBERED), where records are written in
    /// [`StoredVersion::V2`](crate::record::StoredVersion::V2). In every version, of a log-out from all devices for as
    /// long as its row is in the table, and of a window that has passed until something is written.
    pub ended: Option<Ended>,
}

impl DeviceView {
    /// Of a device that the account does not know, or not any more.
    pub(crate) const fn without_pin(state: SessionState, next: NextStep, ended: Option<Ended>) -> Self {
        Self {
            state,
            next,
            device: None,
            pin_digits: None,
            tries_left: None,
            face: false,
            fingerprint: false,
            last_opened: None,
            ended,
        }
    }
}

/// What an administrator may see of an account. It holds no secret.
///
/// With the feature `serde` it is written, every field by its name, and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AccountOverview {
    /// Whether the person is logged out from all devices and has to be re-invited.
    pub standing: Standing,
    /// The open invitation.
    pub invitation: Option<OpenInvitation>,
    /// The devices, the oldest first.
    pub devices: Vec<DeviceSummary>,
}

/// An open invitation, as an administrator sees it: without its secret.
///
/// With the feature `serde` it is written, every field by its name, and not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct OpenInvitation {
    /// Who issued it.
    pub by: PersonId,
    /// What the clock reads when it ends, if nobody sets the clock meanwhile.
    pub expires: Timestamp,
}
