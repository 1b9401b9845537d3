//! The audit trail's outbox, and the marks by which a write recognises itself.

use alloc::vec::Vec;
use core::mem;

use super::super::words::{Context, Event, Pending};
use super::account::{Account, WRITES_REMEMBERED};
use super::clock::Believed;
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
        let as_history = HistoryId::from_bytes(*write.as_bytes());
        let stored = &mut self.stored;
        let is_known = stored.history == Some(as_history)
            || stored.writes.contains(&write)
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
        writes.push(write);
        self.written_high_water = self.stored.high_water;
        self.changed = false;
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
        self.follow_clock(context);
        self.push(context, device, change);
    }

    /// Moves the account's time on to what it believes of the clock. A jump that is not believed in
    /// full is reported, once in a write (E30).
    pub(super) fn follow_clock(&mut self, context: &Context<'_>) {
        let Some(Believed { at, beyond }) = self.believed(context) else {
            return;
        };
        let moves = self.stored.high_water < at;
        self.stored.high_water = at;
        if let Some(beyond) = beyond.filter(|_| moves) {
            self.push(context, None, Change::ClockJumpBounded { beyond });
        }
    }

    fn push(&mut self, context: &Context<'_>, device: Option<DeviceId>, change: Change) {
        self.pending.push(Pending { at: context.now, device, change, note: context.request.note });
        self.changed = true;
    }
}
