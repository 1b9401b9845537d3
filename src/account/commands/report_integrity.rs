//! What the host found out about a device between requests.

use super::super::state::Account;
use super::super::words::Context;
use crate::secret::DeviceToken;

impl Account {
    /// The host found the device rooted or jailbroken: session ended, PIN and biometric wiped, this
    /// device only (E14). Any other integrity, and an unknown device: unchanged.
    pub fn report_integrity(&mut self, token: &DeviceToken, context: &Context<'_>) {
        self.arrive(context);
        let id = self.device_of(token);
        let _refusal_for_raising_commands = self.guard_integrity(id, context);
    }
}
