//! The strong authentications that have made a device session: one start makes one (D34).

use super::account::Account;
use super::used_start::{STARTS_REMEMBERED, StartBegun, UsedStart};
use crate::id::StartId;
use crate::time::Moment;

impl Account {
    /// The device session that this start has made, if it has.
    pub(in crate::account) fn used_start(&self, id: StartId) -> Option<&UsedStart> {
        self.stored.starts.used.iter().find(|start| start.id == id)
    }

    /// Whether a start that named this account is older than what is remembered.
    pub(in crate::account) fn is_forgotten(&self, begun: Moment) -> bool {
        self.stored.starts.forgotten.is_some_and(|forgotten| begun <= forgotten)
    }

    /// Remembers a start that has made a device session; the eldest makes room.
    pub(in crate::account) fn remember_start(&mut self, start: UsedStart) {
        self.changed = true;
        let starts = &mut self.stored.starts;
        if starts.used.len() >= STARTS_REMEMBERED {
            match starts.used.remove(0).begun {
                StartBegun::Named(at) => starts.forgotten = starts.forgotten.max(Some(at)),
                StartBegun::ForNobody(reading) => self.stored.timeline.raise_floor_to(reading),
            }
        }
        self.stored.starts.used.push(start);
    }
}
