//! Audit events: accepted transitions, which travel through the record's outbox, and refusals.

use crate::id::{DeviceId, EventId, HistoryId, PersonId, WriteId};
use crate::note::Note;
use crate::refusal::Refusal;
use crate::session::Change;
use crate::time::Timestamp;

/// An accepted transition (I11). Written in the same swap as the transition itself, into the account's
/// record or [beside it](crate::host::Store::takes_events). From the record it is handed to the journal
/// at least once; its `id` tells a duplicate. [`Journal::record`](crate::host::Journal::record) says in which order the
/// events of a person stand.
///
/// With the feature `serde` it reads back from a journal. A field that is not known is passed over
/// there, so that a journal of a later version can be read: an event is a report, nothing is decided by
/// it, and so nothing is widened by what is passed over (E40).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "EventAsRead"))]
#[non_exhaustive]
pub struct Event {
    /// Which event. It never repeats, so two events with one id are the same event.
    pub id: EventId,
    /// Whose account.
    pub person: PersonId,
    /// In which life of the account's record. A person has more than one if the record was lost or
    /// replaced.
    pub history: HistoryId,
    /// The number of this event in its history: 0, 1, 2, … One is missing where set-backs of the clock that
    /// waited for the journal were counted in a later event. A record that was restored from a backup gives
    /// numbers again, to events with other ids.
    pub sequence: u64,
    /// What the host's clock said, right or wrong; `None` if it did not know. Events are not
    /// [ordered](crate::host::Journal::record) by this.
    pub at: Option<Timestamp>,
    /// Which device session moved; `None` for a change of the whole account.
    pub device: Option<DeviceId>,
    /// What happened.
    pub change: Change,
    /// The host's own words on the request that caused it.
    pub note: Option<Note>,
}

impl Event {
    /// An event of the whole account, without a reading and a note, for trying a journal; the fields are public.
    #[must_use]
    pub const fn new(
        id: EventId,
        person: PersonId,
        history: HistoryId,
        sequence: u64,
        change: Change,
    ) -> Self {
        Self { id, person, history, sequence, at: None, device: None, change, note: None }
    }
}

/// An event as it is read back, before it is seen to fit together.
#[cfg(feature = "serde")]
#[derive(serde::Deserialize)]
struct EventAsRead {
    id: EventId,
    person: PersonId,
    history: HistoryId,
    sequence: u64,
    at: Option<Timestamp>,
    device: Option<DeviceId>,
    change: Change,
    note: Option<Note>,
}

#[cfg(feature = "serde")]
impl TryFrom<EventAsRead> for Event {
    type Error = &'static str;

    fn try_from(fields: EventAsRead) -> Result<Self, Self::Error> {
        let EventAsRead { id, person, history, sequence, at, device, change, note } = fields;
        if device.is_none() != change.is_of_the_account() {
            return Err("an event names a device exactly if it is about one");
        }
        Ok(Self { id, person, history, sequence, at, device, change, note })
    }
}

/// A transition that was decided and has no write yet, and so no identity.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pending {
    pub(crate) at: Option<Timestamp>,
    pub(crate) device: Option<DeviceId>,
    pub(crate) change: Change,
    pub(crate) note: Option<Note>,
}

impl Pending {
    /// The event that it becomes in this write.
    pub(crate) const fn in_write(
        self,
        (write, index): (WriteId, u32),
        person: PersonId,
        (history, sequence): (HistoryId, u64),
    ) -> Event {
        let Self { at, device, change, note } = self;
        Event { id: EventId { write, index }, person, history, sequence, at, device, change, note }
    }
}

/// A refused command. Handed to the journal without a write, so a flood of refusals cannot make
/// the record grow or contend with the owner.
///
/// It does not serialize, since the cause in it must not leave the server by accident: a journal writes
/// the parts it keeps, the cause by [`Refusal::audit`] or [`Refusal::cause`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusalEvent {
    /// Whose account the command was aimed at; `None` for an authentication begun for nobody in particular.
    pub person: Option<PersonId>,
    /// What was asked, as the gate's method is named.
    pub command: &'static str,
    /// The refusal, with its cause.
    pub refusal: Refusal,
    /// When, by the host's clock; `None` if it did not know.
    pub at: Option<Timestamp>,
    /// The host's own words on the request.
    pub note: Option<Note>,
}

impl RefusalEvent {
    /// A refusal of that command, without a reading and a note, for trying a journal; the fields are public.
    #[must_use]
    pub const fn new(person: Option<PersonId>, command: &'static str, refusal: Refusal) -> Self {
        Self { person, command, refusal, at: None, note: None }
    }
}
