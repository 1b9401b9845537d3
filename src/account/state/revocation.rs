//! Log out from all devices: one write, whatever the number of devices.

use alloc::vec::Vec;

use super::super::words::{Context, Standing};
use super::account::Account;
use super::device::Device;
use crate::id::DeviceId;
use crate::session::{AnySession, Change, RevokedBy};

impl Account {
    /// Raises the generation and voids everything older. A second time nothing changes, unless an
    /// invitation was issued in between: that one is void then (D20, E13).
    pub(in crate::account) fn revoke_everything(&mut self, by: RevokedBy, context: &Context<'_>) {
        let now = self.latest();
        let is_open = self.stored.invitation.as_ref().is_some_and(|open| now < open.until);
        if self.stored.standing == Standing::RevokedAll && !is_open {
            return;
        }
        self.stored.invitation = None;
        let voided_invitation = is_open;
        let generation = self.stored.generation.next();
        self.stored.generation = generation;
        self.stored.standing = Standing::RevokedAll;
        self.stored.timeline.raise_floor(context.reading().is_some());
        self.record(context, None, Change::LoggedOutEverywhere { by, generation, voided_invitation });
        let devices: Vec<DeviceId> = self.stored.devices.iter().map(Device::id).collect();
        for id in devices {
            let transition =
                if by == RevokedBy::Person(id) { AnySession::log_out_everywhere } else { AnySession::revoke };
            let _revoked_or_was = self.step(id, context, transition);
        }
    }
}
