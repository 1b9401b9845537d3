//! The audit trail's outbox, and the marks by which a write recognises itself.

use alloc::vec::Vec;
use core::mem;

use super::super::words::{Context, Event};
use super::account::{Account, WRITES_REMEMBERED};
use super::clock::Believed;
use crate::id::{DeviceId, WriteId};
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
        self.written_high_water = self.stored.high_water;
        self.changed = false;
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
        self.push(device, change);
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
            self.push(None, Change::ClockJumpBounded { beyond });
        }
    }

    fn push(&mut self, device: Option<DeviceId>, change: Change) {
        let stored = &mut self.stored;
        let (person, sequence, at) = (stored.person, stored.next_sequence, stored.high_water);
        stored.next_sequence = sequence.saturating_add(1);
        stored.outbox.push(Event { person, sequence, at, device, change });
        self.changed = true;
    }
}
