//! In which state a device is.

use super::super::state::Account;
use super::super::words::Context;
use crate::secret::DeviceToken;
use crate::session::SessionState;

impl Account {
    /// In which state this device is, after the windows that have passed: what the app shows when
    /// it starts. `PinExhausted` means: show the message again (D06). An unknown device is logged
    /// out.
    pub fn status(&mut self, token: &DeviceToken, context: &Context<'_>) -> SessionState {
        let device = self.contact(token, context).ok().and_then(|id| self.device(id));
        device.map_or(SessionState::LoggedOut, |device| self.state_of(device))
    }
}
