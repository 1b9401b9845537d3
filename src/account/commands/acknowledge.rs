//! "OK" to the message about too many wrong PINs.

use super::super::state::Account;
use super::super::words::Context;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::AnySession;

impl Account {
    /// "OK" to the message about too many wrong PINs (R15). The wipe has happened before (D06).
    ///
    /// # Errors
    /// `NothingToAcknowledge` in every other state.
    pub fn acknowledge(&mut self, token: &DeviceToken, context: &Context<'_>) -> Result<(), Refusal> {
        self.arrive(context);
        let id = self.device_of(token).ok_or(RefusalCode::NothingToAcknowledge)?;
        self.note_contact(id);
        // The message has no window; whatever else passed has nothing to acknowledge.
        self.apply_windows(id, context).map_err(|_| RefusalCode::NothingToAcknowledge)?;
        self.step(id, context, AnySession::acknowledge).map(|_| ())
    }
}
