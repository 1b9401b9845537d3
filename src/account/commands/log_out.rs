//! Log out, on this device.

use super::super::state::Account;
use super::super::words::Context;
use crate::secret::DeviceToken;
use crate::session::{LogOutCause, SessionState};

impl Account {
    /// Logs this device out; PIN and biometric are discarded, other devices are untouched (R29,
    /// D07). A device that is logged out already, or unknown: unchanged. A revoked one stays
    /// revoked for so long as the bar stands (E03). The answer says which of the two it is now.
    pub fn log_out(&mut self, token: &DeviceToken, context: &Context<'_>) -> SessionState {
        self.arrive(context);
        let Some(id) = self.device_of(token) else { return SessionState::LoggedOut };
        let _logged_out_already = self.log_out_row(id, LogOutCause::Asked, context);
        self.device(id).map_or(SessionState::LoggedOut, |device| self.state_of(device))
    }
}
