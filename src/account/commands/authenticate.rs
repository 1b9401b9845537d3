//! Strong authentication: the way in, and the only one (I04, I05).

use super::super::guards::Need;
use super::super::state::Account;
use super::super::words::{AuthenticationStart, Context, DeviceIntegrity, Facts, SignIn};
use crate::id::DeviceId;
use crate::people::Person;
use crate::refusal::{Cause, Refusal, RefusalCode};
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
        let by_invitation = self.guard_invitation(sign_in, facts, context)?;
        self.guard_eligibility(known, facts, context)?;
        self.guard_audit_room(context)?;
        let at = self.time(context)?;
        guard_method(sign_in, facts)?;

        self.admit(by_invitation);
        let method = sign_in.evidence.method();
        let admission = Admission { at, generation: self.generation(), method, by_invitation };
        let id = self.place_device(known, (new_device, new_token), &sign_in.label, context);
        self.step(id, context, |session| session.authenticate(admission)).map(|_| id)
    }

    /// Whether this device of the present account is free for another person: only after log-out
    /// (E09). A revoked one is; nothing of the first person is left on it.
    ///
    /// # Errors
    /// `UnsupportedDevice`, and the device is wiped, if it was modified; the state's refusal.
    pub fn guard_vacant(&mut self, token: &DeviceToken, context: &Context<'_>) -> Result<(), Refusal> {
        let id = self.device_of(token);
        self.guard_integrity(id, context)?;
        let live = id.filter(|id| self.apply_windows(*id, context).is_ok());
        live.map_or(Ok(()), |id| self.admits(id, Command::Authenticate))
    }

    /// Generation and standing of the account. Answers whether an invitation is to be consumed.
    fn guard_invitation(
        &mut self,
        sign_in: &SignIn<'_>,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<bool, Refusal> {
        let foreign = facts.person.is_some_and(Person::is_foreign);
        let code = match self.needs_invitation(foreign, context.policy.reinvitation()) {
            Need::None => None,
            Need::First => Some(RefusalCode::InvitationRequired),
            Need::Again => Some(RefusalCode::ReinvitationRequired),
        };
        if let Some(code) = code {
            let judged = self.judge_invitation(sign_in.invitation, context);
            judged.map_err(|cause| Refusal::because(code, cause))?;
        }
        let start = sign_in.evidence.start();
        if start.person() != self.person() {
            return Err(Refusal::because(RefusalCode::AuthenticationFailed, Cause::AnotherPerson));
        }
        if start.generation() != self.generation() {
            return Err(Refusal::because(RefusalCode::AuthenticationRequired, Cause::BegunBeforeRevokeAll));
        }
        Ok(code.is_some())
    }
}

/// The credential itself: a method that this person has (R01, R30).
fn guard_method(sign_in: &SignIn<'_>, facts: &Facts<'_>) -> Result<(), Refusal> {
    let method = sign_in.evidence.method();
    if facts.person.is_some_and(|person| person.may_use(method)) {
        Ok(())
    } else {
        Err(RefusalCode::MethodNotAvailable.into())
    }
}
