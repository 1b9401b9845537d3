//! Strong authentication: the way in, and the only one (I04, I05).

use super::super::state::Account;
use super::super::words::{AuthenticationStart, Context, DeviceIntegrity, Facts, SignIn};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::{Admission, Command};

impl Account {
    /// Begins a strong authentication.
    #[must_use]
    pub const fn begin_authentication(&self) -> AuthenticationStart {
        AuthenticationStart::new(self.person(), self.generation())
    }

    /// Signs a device in: a new device session waits for its PIN (R05, R30, R35). `new_device` and
    /// `new_token` are drawn at random by the caller; deciding again with the same ones, after a
    /// lost reply, is recognised. Answers with the device session, which is the known one if that
    /// was revoked.
    ///
    /// # Errors
    /// A refusal, in the order of the guards. Nothing has changed then, but for a modified device
    /// that was enrolled and is wiped, or a window that had passed.
    pub fn authenticate(
        &mut self,
        sign_in: &SignIn<'_>,
        new_device: DeviceId,
        new_token: &DeviceToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        if let Some(landed) = self.device_of(new_token) {
            return Ok(landed);
        }
        let known = sign_in.known.and_then(|token| self.device_of(token));
        self.guard_integrity(known, context)?;
        if context.request.integrity == DeviceIntegrity::Unknown {
            return Err(RefusalCode::DeviceIntegrityUnknown.into());
        }
        let known = known.filter(|id| self.apply_windows(*id, context).is_ok());
        if let Some(device) = known.and_then(|id| self.device(id)) {
            device.session().admits(Command::Authenticate)?;
        }
        let by_invitation = self.guard_standing(sign_in, facts, context)?;
        self.guard_eligibility(known, facts, context)?;
        self.guard_audit_room(context)?;
        let at = self.time(context)?;
        Self::guard_method(sign_in, facts)?;

        self.admit(by_invitation);
        let method = sign_in.evidence.method();
        let admission = Admission { at, generation: self.generation(), method, by_invitation };
        let id = self.place_device(known, (new_device, new_token), &sign_in.label, context);
        self.step(id, context, |session| session.authenticate(admission)).map(|_| id)
    }
}
