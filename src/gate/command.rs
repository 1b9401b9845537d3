//! One command, on its way through the gate.

use crate::access::BrowserSession;
use crate::account::RequestContext;
use crate::id::PersonId;

/// What a command does about a damaged record. One that is whole, but newer or somebody else's, is
/// `Unavailable` for every command (E32).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Damaged {
    /// Is refused until an administrator re-invites: whether the account was barred can no longer be
    /// told (E32). The person's commands.
    NeedsInvitation,
    /// Finds a barred account, which replaces the record if the command changes it. An administrator's
    /// re-invitation, and the withdrawal of one.
    ReadsAsBarred,
    /// Finds an account without devices, to be barred by the command itself, and said so in the audit
    /// trail. An administrator's log-out from all devices.
    IsBarred,
}

/// One command: whose account, its name in the audit trail, and the request that it came with.
#[derive(Clone, Copy)]
pub(super) struct Command {
    pub(super) person: PersonId,
    pub(super) name: &'static str,
    pub(super) request: RequestContext,
    pub(super) damaged: Damaged,
    /// Whether it raises privilege, so that it needs room in the audit trail.
    pub(super) raises: bool,
}

impl Command {
    /// A command that lowers privilege, or only looks.
    pub(super) const fn new(person: PersonId, name: &'static str, request: &RequestContext) -> Self {
        Self { person, name, request: *request, damaged: Damaged::NeedsInvitation, raises: false }
    }

    /// The same, of a command of a phone that nothing may hold back, the device's integrity included: of its
    /// request, the note alone counts.
    pub(super) fn noted(person: PersonId, name: &'static str, request: &RequestContext) -> Self {
        let request = RequestContext { note: request.note, ..RequestContext::default() };
        Self::new(person, name, &request)
    }

    /// The same, of the host itself: there is no request.
    pub(super) fn bare(person: PersonId, name: &'static str) -> Self {
        Self::new(person, name, &RequestContext::default())
    }

    /// A command of somebody in the browser, about that person.
    pub(super) fn in_browser(session: &BrowserSession, person: PersonId, name: &'static str) -> Self {
        let request = RequestContext { note: session.note(), ..RequestContext::default() };
        Self::new(person, name, &request)
    }

    /// A command that raises privilege.
    pub(super) const fn raising(person: PersonId, name: &'static str, request: &RequestContext) -> Self {
        Self { person, name, request: *request, damaged: Damaged::NeedsInvitation, raises: true }
    }
}
