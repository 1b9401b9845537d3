//! What the host knows at the moment of a command.

use super::policy::Policy;
use crate::people::{LocalDates, Person};
use crate::time::Timestamp;

/// Whether the device is the one its maker shipped. Attesting that is the host's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum DeviceIntegrity {
    /// Attested as unmodified.
    Unmodified,
    /// Rooted or jailbroken: not supported, and what is enrolled on it is wiped (R03, E14).
    Modified,
    /// Could not be told: nothing is raised, nothing is wiped (D21).
    Unknown,
}

/// The time and the policy, for every command.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The host's clock; `None` if it does not know, and then nothing that depends on time is
    /// granted, while lock, log-out and revoking still work.
    pub now: Option<Timestamp>,
    /// The host's policy.
    pub policy: &'a Policy,
}

/// What the host's directory says about the person today. Evaluated per request, never kept (E20).
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The person; `None` if the directory surely does not know such a person. That ends the
    /// person's sessions, so never say it of a directory that could not be asked.
    pub person: Option<&'a Person>,
    /// What day it is in each company.
    pub dates: &'a LocalDates,
}

/// What every command that raises privilege needs, in the order in which its guards look at it:
/// device integrity, then generation and standing, then the person's eligibility.
#[derive(Clone, Copy, Debug)]
pub struct Raising<'a> {
    /// Time and policy.
    pub moment: Moment<'a>,
    /// The device's integrity, attested now.
    pub integrity: DeviceIntegrity,
    /// The person's facts, today.
    pub facts: Facts<'a>,
}
