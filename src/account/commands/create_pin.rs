//! Creating the PIN: checked, hashed elsewhere, then taken if the device still waits for it.

use super::super::state::Account;
use super::super::words::{Context, Facts, PinEntries};
use crate::pin::{NewCredential, PersonalWords, PinPlan};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Command, OpenedBy, Opening};

impl Account {
    /// Checks a new PIN for a device that waits for one (R07, R08). The plan has to be hashed, and
    /// the result handed to [`create_pin`](Self::create_pin).
    ///
    /// # Errors
    /// A refusal, in the order of the guards; then the state's; then the PIN policy's. The device
    /// still waits for its PIN, and nothing is stored.
    pub fn plan_pin(
        &mut self,
        token: &DeviceToken,
        entries: &PinEntries,
        personal: &PersonalWords,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<PinPlan, Refusal> {
        let id = self.contact_to_raise(token, Command::CreatePin, facts, context)?;
        context.policy.pin().accept(&entries.pin, &entries.confirmation, personal)?;
        Ok(PinPlan::new(self.binding(id), entries.pin.duplicate()))
    }

    /// Takes the hashed PIN: the device is authenticated at once, with 0 failures and the session
    /// token given (R07, R09). Deciding again with the same token, after a lost reply, is recognised.
    ///
    /// # Errors
    /// A refusal, in the order of the guards; then the state's.
    pub fn create_pin(
        &mut self,
        token: &DeviceToken,
        pin: &NewCredential,
        session: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() {
            return Ok(());
        }
        let id = self.contact_to_raise(token, Command::CreatePin, facts, context)?;
        if self.binding(id) != pin.binding() {
            return Err(RefusalCode::AuthenticationRequired.into());
        }
        let at = self.time(context)?;
        let opening = Opening { at, token: session.digest(), by: OpenedBy::Pin(None) };
        self.step(id, context, |session| session.create_pin(pin, opening))?;
        self.note_opening(id, at);
        Ok(())
    }
}
