//! Under which circumstances a command is decided.

use super::policy::Policy;
use crate::id::RequestId;
use crate::note::Note;
use crate::people::{LocalDates, Person};
use crate::time::Timestamp;

/// Whether the device is the one its maker shipped. Attesting that is the host's work.
///
/// With the feature `serde` it is its name, as in `"Unmodified"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum DeviceIntegrity {
    /// Attested as unmodified.
    Unmodified,
    /// Rooted or jailbroken: not supported, and what is enrolled on it is wiped (R03, E14).
    Modified,
    /// Could not be told: nothing is raised, nothing is wiped (D21). The default, so that a verdict
    /// that is missing never counts as a clean one.
    #[default]
    Unknown,
}

/// What the host knows of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestContext {
    /// The device's integrity, attested for this request.
    pub integrity: DeviceIntegrity,
    /// The phone's own id of this entry, if it sends one: the same again is not another guess (D27).
    pub request: Option<RequestId>,
    /// What the audit trail says beside every event and refusal that this request causes.
    pub note: Option<Note>,
}

impl RequestContext {
    /// A request of a device with this integrity.
    #[must_use]
    pub const fn new(integrity: DeviceIntegrity) -> Self {
        Self { integrity, request: None, note: None }
    }

    /// The same request, with the phone's own id of this entry: a new one, drawn at random, for every entry, and the
    /// same one when that is sent again. `unlock_with_pin`, `change_pin` and `authenticate` heed it (D27, D34):
    ///
    /// - A guess that was answered wrong is answered wrong again, and counted once, for one answer window; so are
    ///   the last five. One that is still in flight is `GuessesInFlight`.
    /// - The last accepted change of PIN is answered as done.
    /// - A sign-in gives its session anew, with a new token, while it waits for its PIN.
    /// - A right PIN is not remembered: sent again it is another entry, **which opens a lock that was put on since**.
    #[must_use]
    pub const fn with_request(self, request: RequestId) -> Self {
        Self { request: Some(request), ..self }
    }

    /// The same request, with a note for the audit trail.
    #[must_use]
    pub const fn with_note(self, note: Note) -> Self {
        Self { note: Some(note), ..self }
    }
}

impl From<DeviceIntegrity> for RequestContext {
    fn from(integrity: DeviceIntegrity) -> Self {
        Self::new(integrity)
    }
}

/// The circumstances of a command: the time, the policy, and the request that it came with.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The host's clock; `None` if it does not know, and then nothing that depends on time is
    /// granted, while lock, log-out and revoking still work.
    pub now: Option<Timestamp>,
    /// The host's policy.
    pub policy: &'a Policy,
    /// The request. Commands that only lower privilege heed nothing of it but the note.
    pub request: RequestContext,
}

impl Context<'_> {
    /// What the clock read; `None` if it does not know the time, and for a reading outside the years 2000 to
    /// 9999, which is none (D23).
    pub(in crate::account) fn reading(&self) -> Option<Timestamp> {
        self.now.filter(|now| now.is_a_reading())
    }
}

/// What the host's directory says about the person today. Evaluated per request, never kept (E20).
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The person. `None` ends the person's sessions and wipes the PIN: never say it of a directory
    /// that could not be asked.
    pub person: Option<&'a Person>,
    /// The person whose data a check is about, if that is somebody else; `None` if there is no such person,
    /// and where nobody else's data are asked for.
    pub owner: Option<&'a Person>,
    /// What day it is in each company.
    pub dates: &'a LocalDates,
}
