//! One command, on its way through the gate.

use crate::id::PersonId;
use crate::time::Timestamp;

/// What a command does about a record that cannot be read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// Fails and leaves it alone.
    Fails,
    /// Is refused where it is damaged, until an administrator re-invites: whether the account was
    /// barred can no longer be told (E32). Strong authentication.
    NeedsInvitation,
    /// Replaces a damaged one by a barred account (E32). An administrator's re-invitation.
    IsReplaced,
}

/// One command: whose account, its name in the audit trail, and when it began.
#[derive(Clone, Copy)]
pub(super) struct Command {
    pub(super) person: PersonId,
    pub(super) name: &'static str,
    pub(super) now: Option<Timestamp>,
    pub(super) unreadable: Unreadable,
    /// Whether it raises privilege, so that it needs room in the audit trail.
    pub(super) raises: bool,
}
