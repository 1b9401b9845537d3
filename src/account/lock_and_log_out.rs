//! Lock, log out, and "OK": what lowers privilege never fails on a guard.

use super::context::{DeviceIntegrity, Moment};
use super::state::Account;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::{AnySession, LockCause, LogOutCause, SessionState};

impl Account {
    /// Ends the session and keeps the enrolment (R26). Locked already: unchanged (E01).
    ///
    /// # Errors
    /// The state's refusal where there is no session to end (R06, E02).
    pub fn lock(&mut self, token: &DeviceToken, moment: &Moment<'_>) -> Result<(), Refusal> {
        let id = self.contact(token, moment)?;
        self.step(id, moment, |session| session.lock(LockCause::Asked)).map(|_| ())
    }

    /// Logs this device out; PIN and biometric are discarded, other devices are untouched (R29,
    /// D07). A device that is logged out already, or unknown: unchanged. A revoked one stays
    /// revoked (E03).
    pub fn log_out(&mut self, token: &DeviceToken, moment: &Moment<'_>) {
        if let Some(id) = self.device_of(token) {
            self.end(id, moment, LogOutCause::Asked);
        }
    }

    /// "OK" to the message about too many wrong PINs (R15). The wipe has happened before (D06).
    ///
    /// # Errors
    /// `NothingToAcknowledge` in every other state.
    pub fn acknowledge(&mut self, token: &DeviceToken, moment: &Moment<'_>) -> Result<(), Refusal> {
        let id = self.device_of(token).ok_or(RefusalCode::NothingToAcknowledge)?;
        self.step(id, moment, AnySession::acknowledge).map(|_| ())
    }

    /// The host found the device rooted or jailbroken: session ended, PIN and biometric wiped, this
    /// device only (E14). Any other integrity, and an unknown device: unchanged.
    pub fn report_integrity(&mut self, token: &DeviceToken, integrity: DeviceIntegrity, moment: &Moment<'_>) {
        let id = self.device_of(token);
        let _refusal_for_raising_commands = self.guard_integrity(id, integrity, moment);
    }

    /// In which state this device is, after the windows that have passed: what the app shows when
    /// it starts. `PinExhausted` means: show the message again (D06). An unknown device is logged
    /// out.
    pub fn status(&mut self, token: &DeviceToken, moment: &Moment<'_>) -> SessionState {
        match self.contact(token, moment) {
            Ok(id) => self.device(id).map_or(SessionState::LoggedOut, |device| device.session.state()),
            Err(_) => SessionState::LoggedOut,
        }
    }
}
