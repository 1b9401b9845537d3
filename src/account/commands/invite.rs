//! A user administrator invites, or re-invites, a person (R34).

use super::super::state::Account;
use super::super::words::{Context, Facts, Invitation};
use crate::access::Administrator;
use crate::id::InvitationId;
use crate::refusal::Refusal;

impl Account {
    /// A user administrator invites the person (R34). Nobody is signed in by it, and live sessions
    /// of a person who is not revoked stay as they are (E15). `id` is drawn at random.
    ///
    /// # Errors
    /// `NotAuthorised` unless a relation of the person to the administrator's company is in effect (R36, D31);
    /// `ClockUnavailable`, because an invitation is bounded in time; `AuditTrailFull`.
    pub fn invite(
        &mut self,
        administrator: &Administrator,
        id: InvitationId,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Invitation, Refusal> {
        self.guard_reach_to_raise(administrator, facts, context)?;
        if let Some(own) = self.invitation().filter(|open| open.id() == id) {
            return Ok(*own);
        }
        self.guard_audit_room(context)?;
        let expires = self.time(context)?.plus(context.policy.invitation_lifetime());
        let invitation = Invitation { id, by: administrator.person(), expires };
        self.issue(invitation, administrator.company(), context);
        Ok(invitation)
    }
}
