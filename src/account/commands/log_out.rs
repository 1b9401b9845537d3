//! Log out, on this device.

use super::super::state::Account;
use super::super::words::Context;
use crate::secret::DeviceToken;
use crate::session::LogOutCause;

impl Account {
    /// Logs this device out; PIN and biometric are discarded, other devices are untouched (R29,
    /// D07). A device that is logged out already, or unknown: unchanged. A revoked one stays
    /// revoked for so long as the bar stands (E03).
    pub fn log_out(&mut self, token: &DeviceToken, context: &Context<'_>) {
        self.arrive(context);
        if let Some(id) = self.device_of(token) {
            let _logged_out_already = self.log_out_row(id, LogOutCause::Asked, context);
        }
    }
}
