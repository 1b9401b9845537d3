//! Creating the PIN: claimed, hashed elsewhere, then taken if the device still waits for it.

use super::super::state::Account;
use super::super::words::{Context, Facts, PinEntries};
use super::attempt::DRAW_REPEATED;
use crate::pin::{NewCredential, PersonalWords, PinClaim, PinDraw};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{Command, OpenedBy, Opening};

impl Account {
    /// Checks a new PIN for a device that waits for one (R07, R08), and takes one of the five places for
    /// PINs that are being hashed (E38). Write the account, then hash, then hand the result to
    /// [`create_pin`](Self::create_pin).
    ///
    /// # Errors
    /// A refusal, in the order of the guards; then the state's; then the PIN policy's; `GuessesInFlight` if
    /// the places are taken. The device still waits for its PIN, and no PIN is stored.
    pub fn claim_pin(
        &mut self,
        token: &DeviceToken,
        entries: &PinEntries,
        personal: &PersonalWords,
        draw: PinDraw,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<PinClaim, Refusal> {
        let id = self.contact_to_raise(token, Command::CreatePin, facts, context)?;
        context.policy.pin().accept(&entries.pin, &entries.confirmation, personal)?;
        self.claim(id, draw.attempt, context.request.request, context)?;
        Ok(PinClaim::new(draw, self.binding(id), entries.pin.duplicate()))
    }

    /// Takes the hashed PIN: the device is authenticated at once, with 0 failures and the session
    /// token given (R07, R09).
    ///
    /// # Errors
    /// A refusal, in the order of the guards; then the state's, `PinExists` where another request was
    /// first; `GuessOvertaken` if the claim is void, or the device has started over since.
    pub fn create_pin(
        &mut self,
        token: &DeviceToken,
        pin: &NewCredential,
        session: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let id = self.contact_to_raise(token, Command::CreatePin, facts, context)?;
        if self.binding(id) != pin.binding() || !self.holds_claim(id, pin.attempt()) {
            return Err(RefusalCode::GuessOvertaken.into());
        }
        self.guard_new_session(session)?;
        let seen = self.now(context)?;
        let opening = Opening { seen, token: session.digest(), by: OpenedBy::Pin, renewed: None };
        self.step(id, context, |session| session.create_pin(pin, opening))?;
        self.note_opening(id, seen, OpenedBy::Pin);
        Ok(())
    }

    /// A session token is drawn at random, and opens one session (E39, I06).
    pub(super) fn guard_new_session(&self, session: &SessionToken) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() { Err(DRAW_REPEATED) } else { Ok(()) }
    }
}
