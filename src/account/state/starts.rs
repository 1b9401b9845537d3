//! The strong authentications that have made a device session: one start makes one (D34).

use core::time::Duration;

use super::super::words::Context;
use super::account::Account;
use super::used_starts::{STARTS_REMEMBERED, StartBegun, UsedStart};
use crate::id::StartId;
use crate::time::Moment;

impl Account {
    /// The device session that this start has made, if it has.
    pub(in crate::account) fn used_start(&self, id: StartId) -> Option<&UsedStart> {
        self.stored.starts.used.iter().find(|start| start.id == id)
    }

    /// Whether the present session of the device was made by this start, and not by a later one.
    pub(in crate::account) fn is_last_of_its_device(&self, id: StartId) -> bool {
        let used = &self.stored.starts.used;
        let device = used.iter().find(|start| start.id == id).map(|start| start.device);
        used.iter().rev().find(|start| Some(start.device) == device).is_some_and(|start| start.id == id)
    }

    /// The first moment at which a start that names this account may have begun: later than those that are
    /// forgotten. It may lie ahead where time stands still, so that none is void from its beginning.
    pub(in crate::account) fn starts_from(&self) -> Moment {
        let forgotten = self.stored.starts.forgotten;
        forgotten.map_or(Moment::from_millis(0), |forgotten| forgotten.plus(Duration::from_millis(1)))
    }

    /// Whatever was begun before the present moment is void, whomever it names (D30, D34). Without a record
    /// there is nothing that it could undo.
    pub(in crate::account) fn void_what_was_begun(&mut self, context: &Context<'_>) {
        self.stored.timeline.raise_floor(context.reading().is_some());
        self.void_named_starts(context);
        self.changed |= self.stored.history.is_some();
    }

    /// The starts that name this account, those of a host whose clock is ahead included. Where there was no
    /// clock, once more at the next reading: the account's time stood still until then, and that of the host
    /// that began the start did not.
    pub(super) fn void_named_starts(&mut self, context: &Context<'_>) {
        let latest_begun = self.starts_from();
        let now = self.stored.timeline.elapsed;
        self.stored.starts.forgotten = Some(now.plus(context.policy.skew()).max(latest_begun));
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
