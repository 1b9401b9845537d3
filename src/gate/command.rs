//! One command, on its way through the gate.

use crate::account::{Note, RequestContext};
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
    /// What the audit trail says beside its refusals.
    pub(super) note: Option<Note>,
    pub(super) unreadable: Unreadable,
    /// Whether it raises privilege, so that it needs room in the audit trail.
    pub(super) raises: bool,
}

impl Command {
    /// The command as it came with this request: its refusals carry the request's note.
    pub(super) const fn noting(self, request: &RequestContext) -> Self {
        Self { note: request.note, ..self }
    }
}
