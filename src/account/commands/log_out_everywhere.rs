//! Log out from all devices, by the person.

use super::super::state::Account;
use super::super::words::Context;
use crate::refusal::Refusal;
use crate::secret::SessionToken;
use crate::session::RevokedBy;

impl Account {
    /// The person logs out from all devices, from an authenticated one (R31, D17). Every device,
    /// this one included, is revoked; an open invitation is void (D20).
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session.
    pub fn log_out_everywhere(
        &mut self,
        session: &SessionToken,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let id = self.open_session(session, context)?;
        self.revoke_everything(RevokedBy::Person(id), context);
        Ok(())
    }
}
