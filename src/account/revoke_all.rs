//! Log out from all devices: one write, whatever the number of devices.

use alloc::vec::Vec;

use super::context::{Facts, Moment};
use super::event::{AccountChange, RevokedBy};
use super::state::{Account, Standing};
use crate::access::Administrator;
use crate::id::DeviceId;
use crate::refusal::Refusal;
use crate::secret::SessionToken;
use crate::session::AnySession;

impl Account {
    /// The person logs out from all devices, from an authenticated one (R31, D17). Every device,
    /// this one included, is revoked; an open invitation is void (D20).
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn log_out_everywhere(&mut self, session: &SessionToken, moment: &Moment<'_>) -> Result<(), Refusal> {
        let id = self.live_session(session, moment)?;
        self.revoke(RevokedBy::Person(id), moment);
        Ok(())
    }

    /// A user administrator logs the person out from all devices: the lost phone (D17). Done
    /// already, with no invitation open: unchanged (E13).
    ///
    /// # Errors
    /// `NotAuthorised` if the person does not belong to the administrator's company.
    pub fn revoke_all(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        self.guard_administrator(administrator, facts)?;
        let (by, company) = (administrator.person(), administrator.company());
        self.revoke(RevokedBy::Administrator { by, company }, moment);
        Ok(())
    }

    /// Raises the generation and voids everything older. A second time nothing changes, unless an
    /// invitation was issued in between: that one is void then (D20, E13).
    fn revoke(&mut self, by: RevokedBy, moment: &Moment<'_>) {
        if self.standing == Standing::RevokedAll && self.invitation.is_none() {
            return;
        }
        let voided_invitation = self.invitation.take().is_some();
        self.generation = self.generation.next();
        self.standing = Standing::RevokedAll;
        let generation = self.generation;
        self.record(moment, AccountChange::RevokedAll { by, generation, voided_invitation });
        let devices: Vec<DeviceId> = self.devices.iter().map(|device| device.id).collect();
        for id in devices {
            let transition =
                if by == RevokedBy::Person(id) { AnySession::log_out_everywhere } else { AnySession::revoke };
            let _revoked_or_was = self.step(id, moment, transition);
        }
    }
}
