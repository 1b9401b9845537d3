//! What a phone that starts asks about itself.

use super::super::state::{Account, Device};
use super::super::words::{Context, DeviceView, EndReason, Ended};
use crate::pin::{ATTEMPT_LIMIT, PepperRing};
use crate::secret::DeviceToken;
use crate::session::{Modality, SessionState};

impl Account {
    /// How this device stands, and what the person does next: what the app shows when it starts.
    /// `PinExhausted` means: show the message again (D06). An unknown device is logged out, and told why if it is
    /// one of those that ended last. To be asked of an account that is not written afterwards: time passes in it,
    /// and windows with it.
    pub fn device_view(
        &mut self,
        token: &DeviceToken,
        peppers: &PepperRing,
        context: &Context<'_>,
    ) -> DeviceView {
        let id = self.contact(token, context).ok();
        let next = self.next_step(id, peppers, context);
        let Some(device) = id.and_then(|id| self.device(id)) else {
            return DeviceView::without_pin(SessionState::LoggedOut, next, self.ended(token));
        };
        let enrolment = device.session().enrolment();
        let has = |modality: Modality| enrolment.is_some_and(|known| known.biometrics().enabled(modality));
        DeviceView {
            state: self.state_of(device),
            next,
            device: id,
            pin_digits: match self.state_of(device) {
                SessionState::PinPending => Some(u8::from(context.policy.pin().length())),
                _ => enrolment.and_then(|known| known.credential.length()).map(u8::from),
            },
            tries_left: enrolment.map(|known| ATTEMPT_LIMIT.saturating_sub(known.attempts().failures())),
            face: has(Modality::Face),
            fingerprint: has(Modality::Fingerprint),
            last_opened: Device::last_opened(device),
            ended: (device.session().state() == SessionState::RevokedAll)
                .then_some(Ended { at: None, reason: EndReason::LoggedOutEverywhere }),
        }
    }
}
