//! One command, on its way through the gate.

use crate::account::RequestContext;
use crate::id::PersonId;

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

/// One command: whose account, its name in the audit trail, and the request that it came with.
#[derive(Clone, Copy)]
pub(super) struct Command {
    pub(super) person: PersonId,
    pub(super) name: &'static str,
    pub(super) request: RequestContext,
    pub(super) unreadable: Unreadable,
    /// Whether it raises privilege, so that it needs room in the audit trail.
    pub(super) raises: bool,
}

impl Command {
    /// A command that lowers privilege, or only looks.
    pub(super) const fn new(person: PersonId, name: &'static str, request: &RequestContext) -> Self {
        Self { person, name, request: *request, unreadable: Unreadable::Fails, raises: false }
    }

    /// The same, of a command that does not look at its request.
    pub(super) fn bare(person: PersonId, name: &'static str) -> Self {
        Self::new(person, name, &RequestContext::default())
    }

    /// A command that raises privilege.
    pub(super) const fn raising(person: PersonId, name: &'static str, request: &RequestContext) -> Self {
        Self { person, name, request: *request, unreadable: Unreadable::Fails, raises: true }
    }
}
