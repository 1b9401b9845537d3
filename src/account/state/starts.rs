//! The strong authentications that have made a device session: one start makes one (D34).

use alloc::vec::Vec;

use super::super::words::BegunFor;
use super::account::{Account, Stored};
use crate::id::{DeviceId, RequestId, StartId};
use crate::time::{Moment, Timestamp};

/// How many used starts a record remembers, by count and not by time. What is forgotten is refused by its
/// age from then on.
pub(crate) const STARTS_REMEMBERED: usize = 8;

/// The starts that were used, and where memory ends.
#[derive(Debug)]
pub(crate) struct Starts {
    /// The eldest first.
    pub(crate) used: Vec<UsedStart>,
    /// A named start that began no later than this is void.
    pub(crate) forgotten: Option<Moment>,
}

impl Starts {
    /// Nothing used, nothing forgotten.
    pub(crate) const NEW: Self = Self { used: Vec::new(), forgotten: None };
}

/// A start that has made a device session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsedStart {
    pub(crate) id: StartId,
    pub(crate) device: DeviceId,
    pub(crate) request: Option<RequestId>,
    pub(crate) begun: StartBegun,
}

/// When a used start was begun: by the timeline if it named the account, by the clock if not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartBegun {
    Named(Moment),
    ForNobody(Timestamp),
}

impl From<&BegunFor> for StartBegun {
    fn from(begun: &BegunFor) -> Self {
        match begun {
            BegunFor::Nobody { reading } => Self::ForNobody(*reading),
            BegunFor::Named(named) => Self::Named(named.at),
        }
    }
}

impl Account {
    /// The device session that this start has made, if it has.
    pub(in crate::account) fn used_start(&self, id: StartId) -> Option<&UsedStart> {
        self.stored.starts.used.iter().find(|start| start.id == id)
    }

    /// Whether a start that named this account is older than what is remembered.
    pub(in crate::account) fn is_forgotten(&self, begun: Moment) -> bool {
        self.stored.starts.forgotten.is_some_and(|forgotten| begun <= forgotten)
    }

    /// Whatever was begun before the present moment is void, whomever it names (D30, D34). Without a record
    /// there is nothing that it could undo.
    pub(in crate::account) fn void_what_was_begun(&mut self) {
        let Stored { timeline, starts, history, .. } = &mut self.stored;
        timeline.raise_floor();
        // What begins in this very millisecond may be after it.
        let before = timeline.elapsed.as_millis().checked_sub(1).map(Moment::from_millis);
        starts.forgotten = starts.forgotten.max(before);
        self.changed |= history.is_some();
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
