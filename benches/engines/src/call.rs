//! What is written down of a run: each call of the gate, with its times and its answer.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use pinlatch::access::PeopleEntry;
use pinlatch::account::{Event, Note};
use pinlatch::gate::GateError;
use pinlatch::id::{DeviceId, PersonId};
use pinlatch::refusal::RefusalCode;
use serde::{Deserialize, Serialize};

/// One call of the gate: by which host, and its number there. Its text is the note that the gate puts beside
/// every event that the call causes, so events and calls are told together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CallId {
    /// Which host; one that was killed and started again is another.
    pub host: u32,
    /// Which of its calls.
    pub number: u32,
}

impl CallId {
    /// The note of this call.
    #[must_use]
    pub fn note(self) -> Note {
        Note::new(&self.to_string()).expect("a few visible characters")
    }

    /// The call that a note names.
    #[must_use]
    pub fn from_note(note: &Note) -> Option<Self> {
        let (host, number) = note.as_str().strip_prefix("call ")?.split_once('.')?;
        Some(Self { host: host.parse().ok()?, number: number.parse().ok()? })
    }
}

impl fmt::Display for CallId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {}.{}", self.host, self.number)
    }
}

/// What was asked. A device is named by the sign-in that gave its token, a session by the call that opened it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Asked {
    /// Strong authentication, perhaps with the token of a device that was signed in before.
    SignIn(Option<CallId>),
    /// Creating the PIN.
    CreatePin(CallId),
    /// Entering the right PIN, or a wrong one.
    Unlock(CallId, Entry),
    /// Lock.
    Lock(CallId),
    /// Log out.
    LogOut(CallId),
    /// "OK" after too many wrong PINs.
    Acknowledge(CallId),
    /// Using a session.
    Check {
        /// The device.
        device: CallId,
        /// The call that opened the session.
        session: CallId,
    },
    /// An administrator's log-out from all devices.
    RevokeAll,
    /// An administrator's invitation.
    Invite,
    /// An administrator's change of the person's profile.
    SetProfile,
}

/// What was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// The device's PIN.
    Right,
    /// Another one.
    Wrong,
}

impl Asked {
    /// Which device was meant, if one.
    #[must_use]
    pub const fn device(&self) -> Option<CallId> {
        match self {
            Self::SignIn(known) => *known,
            Self::CreatePin(device) | Self::Unlock(device, _) | Self::Lock(device) => Some(*device),
            Self::LogOut(device) | Self::Acknowledge(device) | Self::Check { device, .. } => Some(*device),
            Self::RevokeAll | Self::Invite | Self::SetProfile => None,
        }
    }
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Done; a sign-in names the device.
    Done(Option<DeviceId>),
    /// Refused by the rules.
    Refused(RefusalCode),
    /// A part of the host failed, or the host died: it may have happened, or may happen yet, or not.
    Unknown,
}

impl Answer {
    /// The answer in a result of the gate.
    #[must_use]
    pub fn of<T>(result: &Result<T, GateError>, device: Option<DeviceId>) -> Self {
        match result {
            Ok(_) => Self::Done(device),
            Err(error) if error.code() == RefusalCode::Unavailable => Self::Unknown,
            Err(error) => Self::Refused(error.code()),
        }
    }

    /// Whether it was done.
    #[must_use]
    pub const fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }

    /// Whether it was refused with this code.
    #[must_use]
    pub fn is_refused(&self, code: RefusalCode) -> bool {
        *self == Self::Refused(code)
    }
}

/// One line of a host's log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Line {
    /// A call began.
    Called(CallId, Micros, PersonId, Asked),
    /// The hasher was called for it, with this salt.
    Hashed(CallId, Micros, [u8; 16]),
    /// It came back.
    Answered(CallId, Micros, Answer),
    /// The journal took an event.
    Event(Box<Event>),
    /// The journal took a change of a person.
    Change(Box<PeopleEntry>),
}

/// Microseconds since 1970, by the machine's clock, which all processes share.
pub type Micros = u64;

/// The time.
#[must_use]
pub fn now() -> Micros {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_micros()).unwrap_or(u64::MAX)
}

/// One call, from the lines about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// Whose account.
    pub person: PersonId,
    /// What was asked.
    pub asked: Asked,
    /// When it began.
    pub called: Micros,
    /// When it came back; never, if the host died.
    pub returned: Option<Micros>,
    /// What came back.
    pub answer: Answer,
    /// When the hasher was called for it, and with which salt.
    pub hashed: Vec<(Micros, [u8; 16])>,
}
