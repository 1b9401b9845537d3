//! Erasing an account (GDPR, article 17).

use alloc::vec::Vec;

use super::super::state::{Account, Device};
use super::super::words::Context;
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{Change, LogOutCause};

impl Account {
    /// Erases what is personal (D30): devices with their labels, PINs and biometrics, how the last sessions ended,
    /// and an open invitation. What stays is a tombstone: the bar, the generation, what happened to time, which authentications were
    /// used, that the person was invited or signed in before, and the number of the next event. So erasing
    /// lifts no bar, revives no evidence, and no event is taken for an older one. A damaged record is replaced
    /// by a barred tombstone. An account that was never written, or was erased: nothing is recorded.
    ///
    /// # Errors
    /// `AuditTrailFull` while events wait for the journal: hand them over first.
    pub fn erase(&mut self, context: &Context<'_>) -> Result<(), Refusal> {
        self.arrive(context);
        if !self.outbox().is_empty() {
            return Err(RefusalCode::AuditTrailFull.into());
        }
        let is_bare =
            self.device_sessions().is_empty() && self.invitation().is_none() && !self.remembers_ends();
        if is_bare && !self.is_replacement() {
            // Nothing personal is left, but what was begun before is void all the same.
            self.void_what_was_begun(context);
            return Ok(());
        }
        let devices: Vec<DeviceId> = self.device_sessions().iter().map(Device::id).collect();
        for id in devices {
            self.end(id, context, LogOutCause::Erased);
            self.remove_row(id);
        }
        self.bury(Change::Erased, context);
        Ok(())
    }
}
