//! The device's integrity.

use super::super::state::Account;
use super::super::words::{Context, DeviceIntegrity};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::AnySession;

impl Account {
    /// A modified device is refused; if it is enrolled, what is enrolled on it is wiped (E14).
    pub(in crate::account) fn guard_integrity(
        &mut self,
        id: Option<DeviceId>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if context.request.integrity != DeviceIntegrity::Modified {
            return Ok(());
        }
        if let Some(id) = id {
            let _wiped = self.step(id, context, AnySession::device_modified);
        }
        Err(RefusalCode::UnsupportedDevice.into())
    }
}
