//! What is remembered of the strong authentications that have made a device session.

use alloc::vec::Vec;

use super::super::words::BegunFor;
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
