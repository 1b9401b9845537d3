//! Whether a strong authentication lets its device in.

use super::super::state::Account;
use super::super::words::{Context, Facts, SignIn};
use super::invitation::Need;
use crate::people::Person;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::Command;

impl Account {
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

    /// Generation and standing of the account: the invitation where one is needed, then whom and which
    /// generation the evidence names. Answers whether an invitation is to be consumed.
    pub(in crate::account) fn guard_standing(
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

    /// The credential itself: a method that this person has (R01, R30).
    pub(in crate::account) fn guard_method(sign_in: &SignIn<'_>, facts: &Facts<'_>) -> Result<(), Refusal> {
        let method = sign_in.evidence.method();
        if facts.person.is_some_and(|person| person.may_use(method)) {
            Ok(())
        } else {
            Err(RefusalCode::MethodNotAvailable.into())
        }
    }
}
