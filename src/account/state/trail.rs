//! The audit trail's outbox, and the marks by which a write recognises itself.

use alloc::vec::Vec;
use core::mem;
use core::time::Duration;

use super::super::words::{Context, Event, Pending};
use super::account::{Account, RememberedWrite, WRITES_REMEMBERED};
use crate::id::{DeviceId, EventId, HistoryId, WriteId};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::Change;

impl Account {
    /// Forgets the waiting events up to this one, because the journal has them. If it does not wait,
    /// none is forgotten.
    pub fn delivered_through(&mut self, event: EventId) {
        let outbox = &mut self.stored.outbox;
        if let Some(last) = outbox.iter().position(|waiting| waiting.id == event) {
            outbox.drain(..=last);
        }
    }

    /// The same as a change of its own, to be written.
    pub(crate) fn forget_through(&mut self, event: EventId) {
        self.delivered_through(event);
        self.changed = true;
    }

    /// Marks the account as about to be written, under an id by which the write recognises itself, and
    /// gives the events of this write their identities. **Draw another id for each write that is
    /// sent**: one that was sent may still land, and be followed by another with the same events.
    ///
    /// # Errors
    /// `Unavailable` if the record knows this id already (E39). Nothing was changed, and nothing may be
    /// written or granted: the random source repeats itself.
    pub fn stamp(&mut self, write: WriteId) -> Result<(), Refusal> {
        self.stamp_so(RememberedWrite { id: write, checksum: 0 })
    }

    /// The same, with a checksum of what was decided.
    pub(crate) fn stamp_so(&mut self, remembered: RememberedWrite) -> Result<(), Refusal> {
        let write = remembered.id;
        let as_history = HistoryId::from_bytes(*write.as_bytes());
        let stored = &mut self.stored;
        let is_known = stored.history == Some(as_history)
            || stored.writes.iter().any(|known| known.id == write)
            || stored.outbox.iter().any(|event| event.id.write == write);
        if is_known {
            return Err(Refusal::because(RefusalCode::Unavailable, Cause::DrawRepeated));
        }
        let history = *stored.history.get_or_insert(as_history);
        for (pending, index) in self.pending.drain(..).zip(0..) {
            let sequence = stored.next_sequence;
            stored.next_sequence = sequence.saturating_add(1);
            stored.outbox.push(pending.in_write((write, index), stored.person, (history, sequence)));
        }
        let writes = &mut stored.writes;
        if writes.len() >= WRITES_REMEMBERED {
            writes.drain(..=writes.len().saturating_sub(WRITES_REMEMBERED));
        }
        writes.push(remembered);
        self.changed = false;
        self.replaces = false;
        Ok(())
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
        let at = context.reading();
        self.pending.push(Pending { at, device, change, note: context.request.note });
        self.changed = true;
    }

    /// How many events wait for the journal. One of a clock that was set back, and is counted in this command's,
    /// waits all the same.
    pub(in crate::account) fn events_waiting(&self) -> usize {
        let is_merged =
            |pending: &&Pending| matches!(pending.change, Change::ClockSetBack { times, .. } if times > 1);
        self.stored.outbox.len().saturating_add(self.pending.iter().filter(is_merged).count())
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
