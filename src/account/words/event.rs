//! Audit events: accepted transitions, which travel through the record's outbox, and refusals.

use crate::id::{DeviceId, PersonId};
use crate::refusal::Refusal;
use crate::session::Change;
use crate::time::Timestamp;

/// An accepted transition (I11). Written into the account's record in the same swap as the
/// transition itself, and handed to the journal at least once; (`person`, `sequence`) tells a
/// duplicate.
///
/// With the feature `serde` it reads back from a journal. A field that is not known is passed over
/// there, so that a journal of a later version can be read: an event is a report, nothing is decided by
/// it, and so nothing is widened by what is passed over (E40).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "EventAsRead"))]
pub struct Event {
    /// Whose account.
    pub person: PersonId,
    /// The number of this event in the account: 0, 1, 2, … without gaps.
    pub sequence: u64,
    /// What the host's clock read, as it was; `None` if it did not know the time. The order of events is
    /// that of their sequence.
    pub at: Option<Timestamp>,
    /// Which device session moved; `None` for a change of the whole account.
    pub device: Option<DeviceId>,
    /// What happened.
    pub change: Change,
}

/// An event as it is read back, before it is seen to fit together.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct EventAsRead {
    person: PersonId,
    sequence: u64,
    at: Option<Timestamp>,
    device: Option<DeviceId>,
    change: Change,
}

#[cfg(feature = "serde")]
impl TryFrom<EventAsRead> for Event {
    type Error = &'static str;

    fn try_from(fields: EventAsRead) -> Result<Self, Self::Error> {
        let EventAsRead { person, sequence, at, device, change } = fields;
        if device.is_none() != change.is_of_the_account() {
            return Err("an event names a device exactly if it is about one");
        }
        Ok(Self { person, sequence, at, device, change })
    }
}

/// A refused command. Handed to the journal without a write, so a flood of refusals cannot make
/// the record grow or contend with the owner.
///
/// It does not serialize, since the cause in it must not leave the server by accident: a journal writes
/// the parts it keeps, the cause by [`Refusal::audit`] or [`Refusal::cause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusalEvent {
    /// Whose account the command was aimed at; `None` for an authentication begun for nobody in particular.
    pub person: Option<PersonId>,
    /// What was asked, as the gate's method is named.
    pub command: &'static str,
    /// The refusal, with its cause.
    pub refusal: Refusal,
    /// When, by the host's clock; `None` if it did not know.
    pub at: Option<Timestamp>,
}
