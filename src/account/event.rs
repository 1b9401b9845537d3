//! Audit events: accepted transitions, which travel through the record's outbox, and refusals.

use crate::id::{CompanyId, DeviceId, Generation, PersonId};
use crate::refusal::Refusal;
use crate::session::Change;
use crate::time::{Span, Timestamp};

/// An accepted transition (I11). Written into the account's record in the same swap as the
/// transition itself, and handed to the journal at least once; (`person`, `sequence`) tells a
/// duplicate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Event {
    /// Whose account.
    pub person: PersonId,
    /// The number of this event in the account: 0, 1, 2, … without gaps.
    pub sequence: u64,
    /// When, by the account's own time, which never runs back.
    pub at: Timestamp,
    /// What happened.
    pub kind: EventKind,
}

/// What an [`Event`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum EventKind {
    /// A device session moved.
    Device(DeviceId, Change),
    /// Something about the whole account.
    Account(AccountChange),
}

/// An accepted transition of the whole account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum AccountChange {
    /// A user administrator invited the person (R34).
    Invited {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
        /// Administrators may re-invite themselves; the trail says so (D15).
        self_issued: bool,
        /// Whether it replaced an older invitation (D20).
        replaced: bool,
    },
    /// A user administrator withdrew the open invitation.
    InvitationWithdrawn {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
    },
    /// Everything older than this generation is void (R31, D16). One event for the account; every
    /// device that was signed in has an event of its own besides.
    RevokedAll {
        /// Who chose it.
        by: RevokedBy,
        /// The new generation.
        generation: Generation,
        /// Whether an open invitation was voided (D20).
        voided_invitation: bool,
    },
    /// The host's clock jumped forward further than the policy believes; the account's time went
    /// only so far (E30).
    ClockJumpBounded {
        /// By how much more the clock claimed to have advanced.
        disbelieved: Span,
    },
}

/// Who logged out from all devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum RevokedBy {
    /// The person, on this device.
    Person(DeviceId),
    /// A user administrator, for a lost phone (D17).
    Administrator {
        /// The administrator.
        by: PersonId,
        /// In which company.
        company: CompanyId,
    },
}

/// A refused command. Handed to the journal without a write, so a flood of refusals cannot make
/// the record grow or contend with the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct RefusalEvent {
    /// Whose account the command was aimed at.
    pub person: PersonId,
    /// What was asked, as the gate's method is named.
    pub command: &'static str,
    /// The refusal, with its cause.
    pub refusal: Refusal,
    /// When, by the host's clock; `None` if it did not know.
    pub at: Option<Timestamp>,
}
