//! Log out from all devices, by a user administrator: the lost phone.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::access::Administrator;
use crate::refusal::Refusal;
use crate::session::RevokedBy;

impl Account {
    /// A user administrator logs the person out from all devices: the lost phone (D17). Done
    /// already, with no invitation open: unchanged (E13).
    ///
    /// # Errors
    /// `NotAuthorised` without reach over the person (D31).
    pub fn revoke_all(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        self.guard_reach_to_lower(administrator, facts, context)?;
        let (by, company) = (administrator.person(), administrator.company());
        self.revoke_everything(RevokedBy::Administrator { by, company }, context);
        Ok(())
    }
}
