//! A person as kept in a store: the facts, and the audit trail of what was changed about them (I11).

use alloc::vec::Vec;

use crate::id::{EventId, HistoryId, PersonId, WriteId};
use crate::people::Person;
use crate::time::Timestamp;

use super::users_and_roles::PeopleEvent;

/// A change about a person, on its way into the audit trail.
///
/// It is handed over at least once. Its `id` is drawn with the write that made it true, so it never repeats, not
/// even in a record that was deleted or restored. The changes about one person are ordered as
/// [events](crate::host::Journal::record) are.
///
/// With the feature `serde` it reads back from a journal, as leniently as the [`PeopleEvent`] in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct PeopleEntry {
    /// Which change. It never repeats, so two with one id are the same.
    pub id: EventId,
    /// In which life of the person's record.
    pub history: HistoryId,
    /// Its number in that life: 0, 1, 2, … without gaps.
    pub sequence: u64,
    /// The host's clock as it was; `None` if it did not know.
    pub at: Option<Timestamp>,
    /// What happened.
    pub event: PeopleEvent,
}

/// How many of its own writes a record remembers, so that a command whose reply was lost recognises its own.
pub(crate) const WRITES_REMEMBERED: usize = 8;

/// A person as kept in a store: one record under one key, so that facts, event and number are one write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    pub(crate) person: Person,
    pub(crate) history: Option<HistoryId>,
    pub(crate) next_sequence: u64,
    pub(crate) writes: Vec<WriteId>,
    pub(crate) waiting: Vec<PeopleEntry>,
}

impl PersonRecord {
    /// The record of somebody about whom nothing was changed yet.
    #[must_use]
    pub const fn new(person: Person) -> Self {
        Self { person, history: None, next_sequence: 0, writes: Vec::new(), waiting: Vec::new() }
    }

    /// Whose.
    #[must_use]
    pub const fn id(&self) -> PersonId {
        self.person.id()
    }

    /// The facts.
    #[must_use]
    pub const fn person(&self) -> &Person {
        &self.person
    }

    /// The facts, without the trail.
    #[must_use]
    pub fn into_person(self) -> Person {
        self.person
    }

    /// The changes that wait for the journal, the oldest first.
    #[must_use]
    pub fn waiting(&self) -> &[PeopleEntry] {
        &self.waiting
    }

    /// Whether that write is in the record.
    #[must_use]
    pub fn has_written(&self, write: WriteId) -> bool {
        self.writes.contains(&write)
    }

    /// With other facts about the same person and no event: what a host imports.
    #[must_use]
    pub fn with_person(mut self, person: Person) -> Self {
        self.person = person;
        self
    }

    /// With a change, to be written under this id.
    #[must_use]
    pub fn with_change(
        mut self,
        write: WriteId,
        at: Option<Timestamp>,
        person: Person,
        event: PeopleEvent,
    ) -> Self {
        let history = *self.history.get_or_insert(HistoryId::from_bytes(*write.as_bytes()));
        let sequence = self.next_sequence;
        self.next_sequence = sequence.saturating_add(1);
        let id = EventId { write, index: 0 };
        self.waiting.push(PeopleEntry { id, history, sequence, at, event });
        self.person = person;
        if self.writes.len() >= WRITES_REMEMBERED {
            self.writes.drain(..=self.writes.len().saturating_sub(WRITES_REMEMBERED));
        }
        self.writes.push(write);
        self
    }

    /// Without the changes that the journal has.
    #[must_use]
    pub fn delivered(mut self, entries: &[PeopleEntry]) -> Self {
        self.waiting.retain(|waiting| entries.iter().all(|entry| entry.id != waiting.id));
        self
    }
}
