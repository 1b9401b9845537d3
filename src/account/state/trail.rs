//! The audit trail's outbox, and the marks by which a write recognises itself.

use alloc::vec::Vec;
use core::mem;
use core::time::Duration;

use super::super::words::{Context, Event};
use super::account::{Account, WRITES_REMEMBERED};
use crate::id::{DeviceId, HistoryId, WriteId};
use crate::session::Change;

impl Account {
    /// Forgets the events up to this sequence number, because the journal has them.
    pub fn delivered_through(&mut self, sequence: u64) {
        self.stored.outbox.retain(|event| event.sequence > sequence);
    }

    /// The same as a change of its own, to be written.
    pub(crate) fn forget_through(&mut self, sequence: u64) {
        self.delivered_through(sequence);
        self.changed = true;
    }

    /// Marks the account as about to be written, under an id by which the write recognises itself.
    pub fn stamp(&mut self, write: WriteId) {
        let writes = &mut self.stored.writes;
        if writes.len() >= WRITES_REMEMBERED {
            writes.drain(..=writes.len().saturating_sub(WRITES_REMEMBERED));
        }
        writes.push(write);
        self.stored.history.get_or_insert(HistoryId::from_bytes(*write.as_bytes()));
        self.changed = false;
        self.replaces = false;
    }

    /// Takes the waiting events out of the record, for a store that writes them with it.
    pub(crate) fn take_outbox(&mut self) -> Vec<Event> {
        mem::take(&mut self.stored.outbox)
    }

    /// Gives back what was taken out of the record, since nothing was written.
    pub(crate) fn put_back(&mut self, events: Vec<Event>) {
        self.stored.outbox.splice(..0, events);
    }

    /// Records what happened to a device session, or to the whole account.
    pub(super) fn record(&mut self, context: &Context<'_>, device: Option<DeviceId>, change: Change) {
        let stored = &mut self.stored;
        let (person, sequence, at) = (stored.person, stored.next_sequence, context.reading());
        stored.next_sequence = sequence.saturating_add(1);
        stored.outbox.push(Event { person, sequence, at, device, change });
        self.changed = true;
    }

    /// Takes out the waiting event of a clock that was set back: how often, and by how much at most.
    pub(super) fn take_waiting_set_back(&mut self) -> Option<(u32, Duration)> {
        let waiting = self.stored.outbox.iter().enumerate().find_map(|(index, event)| match event.change {
            Change::ClockSetBack { times, largest } => Some((index, (times, largest))),
            _ => None,
        });
        let (index, counted) = waiting?;
        self.stored.outbox.remove(index);
        Some(counted)
    }
}
