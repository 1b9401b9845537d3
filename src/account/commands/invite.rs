//! A user administrator invites, or re-invites, a person (R34).

use subtle::ConstantTimeEq;

use super::super::state::Account;
use super::super::words::{Context, Facts, Invitation};
use super::attempt::DRAW_REPEATED;
use crate::access::Administrator;
use crate::refusal::Refusal;
use crate::secret::InvitationToken;

impl Account {
    /// A user administrator invites the person (R34). Nobody is signed in by it, and live sessions
    /// of a person who is not revoked stay as they are (E15). `token` is drawn at random.
    ///
    /// # Errors
    /// `NotAuthorised` unless a relation of the person to the administrator's company is in effect (R36, D31);
    /// `ClockUnavailable`, because an invitation is bounded in time; `AuditTrailFull`.
    pub fn invite(
        &mut self,
        administrator: &Administrator,
        token: &InvitationToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Invitation, Refusal> {
        self.arrive(context);
        self.guard_reach_to_raise(administrator, facts, context)?;
        if self.invitation().is_some_and(|open| bool::from(open.digest.ct_eq(&token.digest()))) {
            return Err(DRAW_REPEATED);
        }
        self.guard_audit_room(context)?;
        let (now, lifetime) = (self.now(context)?, context.policy.invitation_lifetime());
        let (until, expires) = (now.at.plus(lifetime), now.reading.plus(lifetime));
        let invitation = Invitation { digest: token.digest(), by: administrator.person(), until, expires };
        self.issue(invitation, administrator.company(), context);
        Ok(invitation)
    }
}
