//! What an administrator sees of an account, and logging out one of its devices.

use super::super::state::Account;
use super::super::words::{AccountOverview, Context, Facts, OpenInvitation};
use crate::access::Administrator;
use crate::id::DeviceId;
use crate::refusal::Refusal;
use crate::session::LogOutCause;

impl Account {
    /// What an administrator may see: whether the account is barred, the open invitation, the devices. To be
    /// asked of an account that is not written afterwards: time passes in it, and windows with it.
    ///
    /// # Errors
    /// `NotAuthorised` without reach over the person (D31).
    pub fn overview(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<AccountOverview, Refusal> {
        self.arrive(context);
        self.guard_reach_to_lower(administrator, facts, context)?;
        self.apply_all_windows(context);
        let open = self.invitation().filter(|open| self.latest() < open.until);
        let invitation = open.map(|open| OpenInvitation { by: open.by(), expires: open.expires() });
        Ok(AccountOverview { standing: self.standing(), invitation, devices: self.summaries(None) })
    }

    /// An administrator logs out one device of a person: the lost phone, where the others are not lost.
    ///
    /// # Errors
    /// `NotAuthorised` without reach over the person (D31); `UnknownDevice`.
    pub fn log_out_device_of(
        &mut self,
        administrator: &Administrator,
        device: DeviceId,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        self.guard_reach_to_lower(administrator, facts, context)?;
        let (by, company) = (administrator.person(), administrator.company());
        self.log_out_row(device, LogOutCause::ByAdministrator { by, company }, context)
    }
}
