//! Creating the PIN: checked, hashed elsewhere, then taken if the device still waits for it.

use super::context::Raising;
use super::device::Device;
use super::state::Account;
use crate::id::DeviceId;
use crate::pin::{Binding, NewCredential, PersonalWords, Pin, PinPlan};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::{AnySession, Command, OpenedBy, Opening};

/// A new PIN as the person entered it, twice.
#[derive(Debug)]
pub struct PinEntries {
    /// The first entry.
    pub pin: Pin,
    /// The second entry.
    pub confirmation: Pin,
}

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
        raising: &Raising<'_>,
    ) -> Result<PinPlan, Refusal> {
        let id = self.guard_new_pin(token, raising)?;
        raising.moment.policy.pin().accept(&entries.pin, &entries.confirmation, personal)?;
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
        raising: &Raising<'_>,
        session: &SessionToken,
    ) -> Result<(), Refusal> {
        if self.device_in_session(session).is_some() {
            return Ok(());
        }
        let id = self.guard_new_pin(token, raising)?;
        if self.binding(id) != pin.binding() {
            return Err(RefusalCode::AuthenticationRequired.into());
        }
        let at = self.time(&raising.moment)?;
        let opening = Opening { at, token: session.digest(), by: OpenedBy::Pin(None) };
        self.step(id, &raising.moment, |session| session.create_pin(pin, opening))?;
        self.note_opening(id, at);
        Ok(())
    }

    fn guard_new_pin(&mut self, token: &DeviceToken, raising: &Raising<'_>) -> Result<DeviceId, Refusal> {
        let id = self.find_for_raising(token, raising)?;
        self.guard(id, raising)?;
        self.admits(id, Command::CreatePin)?;
        Ok(id)
    }

    pub(super) fn binding(&self, device: DeviceId) -> Binding {
        let generation = self.device(device).map_or(self.generation, |device| device.session.generation());
        Binding { person: self.person, device, generation }
    }

    pub(super) fn admits(&self, id: DeviceId, command: Command) -> Result<(), Refusal> {
        let session = self.device(id).map(Device::session);
        session.map_or(Err(RefusalCode::UnknownDevice.into()), |session: &AnySession| session.admits(command))
    }
}
