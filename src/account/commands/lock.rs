//! Lock.

use super::super::state::Account;
use super::super::words::Context;
use crate::refusal::Refusal;
use crate::secret::DeviceToken;
use crate::session::{Command, LockCause};

impl Account {
    /// Ends the session and keeps the enrolment (R26). Locked already: unchanged (E01).
    ///
    /// # Errors
    /// The state's refusal where there is no session to end (R06, E02).
    pub fn lock(&mut self, token: &DeviceToken, context: &Context<'_>) -> Result<(), Refusal> {
        let id = self.contact(token, context)?;
        self.admits(id, Command::Lock)?; // E35: a revoked row reads as logged out once the bar is lifted
        self.step(id, context, |session| session.lock(LockCause::Asked)).map(|_| ())
    }
}
