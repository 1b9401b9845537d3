//! Whether a strong authentication lets its device in.

use super::super::state::{Account, Device, UsedStart};
use super::super::words::{BegunFor, Context, Facts, Named, NamedBy, SignIn};
use super::invitation::Need;
use crate::id::DeviceId;
use crate::people::Person;
use crate::refusal::{Cause, NextStep, Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::SessionState;
use crate::time::Begun;

impl Account {
    /// Whether this device of the present account is free for another person: only after log-out
    /// (E09). A revoked one is; nothing of the first person is left on it.
    ///
    /// # Errors
    /// `UnsupportedDevice`, and the device is wiped, if it was modified; `DeviceInUse`.
    pub fn guard_vacant(&mut self, token: &DeviceToken, context: &Context<'_>) -> Result<(), Refusal> {
        self.arrive(context);
        let id = self.device_of(token);
        self.guard_integrity(id, context)?;
        match id.filter(|id| self.apply_windows(*id, context).is_ok() && self.is_live(*id)) {
            Some(_) => Err(RefusalCode::DeviceInUse.into()),
            None => Ok(()),
        }
    }

    /// Whether a device is signed in, in whatever state; one that was revoked holds nothing any more.
    pub(in crate::account) fn is_live(&self, id: DeviceId) -> bool {
        let session = self.device(id).map(Device::session);
        session.is_some_and(|session| {
            !matches!(session.state(), SessionState::LoggedOut | SessionState::RevokedAll)
        })
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
            let judged = self.judge_invitation(sign_in.invitation);
            judged.map_err(|cause| Refusal::because(code, cause))?;
        }
        self.guard_start(sign_in, context).map_err(|refusal| match (code, refusal.next_step()) {
            // Anew, and with the invitation, which is good (I14).
            (Some(_), NextStep::Authenticate) => refusal.leading_to(NextStep::PresentInvitation),
            _ => refusal,
        })?;
        Ok(code.is_some())
    }

    /// Whom the evidence names, and whether it is recent enough, and of after the last log-out from all
    /// devices (E13, D34).
    fn guard_start(&self, sign_in: &SignIn<'_>, context: &Context<'_>) -> Result<(), Refusal> {
        let again = |cause| Err(Refusal::because(RefusalCode::AuthenticationRequired, cause));
        if sign_in.evidence.person() != self.person() {
            return Err(Refusal::because(RefusalCode::AuthenticationFailed, Cause::AnotherPerson));
        }
        let (now, policy) = (self.now(context)?, context.policy);
        let window = policy.authentication_window();
        match &sign_in.evidence.start().begun {
            BegunFor::Nobody { reading } => {
                let timeline = self.stored().timeline;
                match timeline.judge(*reading, window, policy.skew()) {
                    Begun::Counts => Ok(()),
                    Begun::BeforeFloor => again(Cause::BegunBeforeRevokeAll).map_err(|refusal| {
                        // Another one begun at once would be as void (I14).
                        match timeline.until_begun_counts(now.reading, policy.skew()) {
                            Some(after) => refusal.leading_to(NextStep::TryAgain { after }),
                            None => refusal,
                        }
                    }),
                    Begun::InTheFuture => again(Cause::StartFromTheFuture),
                    Begun::TooLongAgo => again(Cause::StartTooOld),
                }
            }
            BegunFor::Named(Named { person, by, .. }) if *person != self.person() => Err(match by {
                NamedBy::Device => Refusal::because(RefusalCode::DeviceInUse, Cause::AnotherPerson),
                NamedBy::Invitation => {
                    Refusal::because(RefusalCode::AuthenticationFailed, Cause::AnotherPerson)
                }
            }),
            BegunFor::Named(Named { history, generation, at, .. }) => {
                let from = self.starts_from();
                if *at > now.at.plus(policy.skew()).max(from) {
                    // Begun on a reading that nobody else shares: as one for nobody would be.
                    again(Cause::StartFromTheFuture)
                } else if self.stored().history != Some(*history) || *generation != self.generation() {
                    again(Cause::BegunBeforeRevokeAll)
                } else if *at < from || now.at.since(*at) >= window {
                    again(Cause::StartTooOld)
                } else {
                    Ok(())
                }
            }
        }
    }

    /// The session that this very evidence has made before, if it may be given anew: under the same request,
    /// and while it waits for its PIN (D34).
    ///
    /// # Errors
    /// `AuthenticationRequired` for a start that was used otherwise.
    pub(in crate::account) fn guard_unused(
        &self,
        sign_in: &SignIn<'_>,
        context: &Context<'_>,
    ) -> Result<Option<DeviceId>, Refusal> {
        let Some(UsedStart { device, request, .. }) = self.used_start(sign_in.evidence.start().id()) else {
            return Ok(None);
        };
        let waits = self.device(*device).is_some_and(|device| {
            device.session().state() == SessionState::PinPending && self.serves(device.session().generation())
        });
        let is_of_this_start = self.is_last_of_its_device(sign_in.evidence.start().id());
        if waits && is_of_this_start && request.is_some() && *request == context.request.request {
            return Ok(Some(*device));
        }
        Err(Refusal::because(RefusalCode::AuthenticationRequired, Cause::StartUsed))
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
