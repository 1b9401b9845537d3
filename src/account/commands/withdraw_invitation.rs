//! A user administrator withdraws an invitation.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::access::Administrator;
use crate::refusal::{Cause, Refusal, RefusalCode};

impl Account {
    /// A user administrator withdraws the open invitation.
    ///
    /// # Errors
    /// `NotAuthorised` without reach over the person (D31); `NoInvitation` if none is open.
    pub fn withdraw_invitation(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        self.guard_reach_to_lower(administrator, facts, context)?;
        let open = *self.invitation().ok_or(RefusalCode::NoInvitation)?;
        if self.latest() >= open.until {
            self.drop_expired_invitation();
            return Err(Refusal::because(RefusalCode::NoInvitation, Cause::InvitationExpired));
        }
        self.withdraw(administrator.person(), administrator.company(), context);
        Ok(())
    }
}
