//! Another name for a device.

use super::super::state::Account;
use super::super::words::{Context, DeviceLabel, Facts};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::{Change, SessionState};

impl Account {
    /// Gives a device of the same account another label. The same as before: unchanged.
    ///
    /// # Errors
    /// As for a [check](Self::check); `UnknownDevice` if there is no such device in the list; `AuditTrailFull`.
    pub fn rename_device(
        &mut self,
        session: &SessionToken,
        device: DeviceId,
        label: DeviceLabel,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.open_session_to_use(session, facts, context)?;
        // It is no way out, so it has to find room in the audit trail (E36).
        self.guard_audit_room(context)?;
        let known = self.device(device).filter(|known| self.state_of(known) != SessionState::RevokedAll);
        if *known.ok_or(RefusalCode::UnknownDevice)?.label() != label {
            self.relabel(device, label);
            self.note(device, context, Change::DeviceRenamed);
        }
        Ok(())
    }
}
