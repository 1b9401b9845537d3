//! Strong authentication: the way in, and the only one (I04, I05).

use super::context::{DeviceIntegrity, Moment, Raising};
use super::device::{Device, DeviceLabel};
use super::invitations::Need;
use super::state::{Account, Standing};
use crate::id::{DeviceId, Generation, InvitationId, PersonId};
use crate::people::{AuthenticationMethod, Person};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::{Admission, AnySession, Command, LogOutCause, Session};

/// Remembers when a strong authentication began, so that one begun before a log-out from all
/// devices is void after it (E13). Get it before sending the person to the bank or the identity
/// provider, keep it on the server, and hand it back with the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct AuthenticationStart {
    person: PersonId,
    generation: Generation,
}

impl AuthenticationStart {
    /// Who is to be authenticated.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }
}

/// The host's statement that a strong authentication succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StrongAuthentication {
    start: AuthenticationStart,
    method: AuthenticationMethod,
}

impl StrongAuthentication {
    /// **You assert that the bank, the mobile operator or the identity provider authenticated
    /// exactly the person of `start`**, that you verified its proof (signature, audience, nonce,
    /// time), and, for an identity-provider account, that a second factor was used. The crate
    /// cannot check it; everything else rests on it.
    #[must_use]
    pub const fn verified_by_host(start: AuthenticationStart, method: AuthenticationMethod) -> Self {
        Self { start, method }
    }

    /// Who was authenticated.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.start.person
    }
}

/// A device that asks to be signed in.
#[derive(Debug)]
pub struct SignIn<'a> {
    /// The host's evidence.
    pub evidence: StrongAuthentication,
    /// What the person calls the device.
    pub label: DeviceLabel,
    /// The device's token, if it still has one.
    pub known: Option<&'a DeviceToken>,
    /// The invitation that the person presents, if any.
    pub invitation: Option<InvitationId>,
}

impl Account {
    /// Begins a strong authentication.
    #[must_use]
    pub const fn begin_authentication(&self) -> AuthenticationStart {
        AuthenticationStart { person: self.person, generation: self.generation }
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
        raising: &Raising<'_>,
        new_device: DeviceId,
        new_token: &DeviceToken,
    ) -> Result<DeviceId, Refusal> {
        let moment = &raising.moment;
        if let Some(landed) = self.device_of(new_token) {
            return Ok(landed);
        }
        let known = sign_in.known.and_then(|token| self.device_of(token));
        self.guard_integrity(known, raising.integrity, moment)?;
        if raising.integrity == DeviceIntegrity::Unknown {
            return Err(RefusalCode::DeviceIntegrityUnknown.into());
        }
        let known = known.filter(|id| self.apply_windows(*id, moment).is_ok());
        if let Some(device) = known.and_then(|id| self.device(id)) {
            device.session.admits(Command::Authenticate)?;
        }
        let invited = self.guard_invitation(sign_in, raising)?;
        self.guard_eligibility(known, &raising.facts, moment)?;
        self.guard_audit_room(moment)?;
        let at = self.time(moment)?;
        guard_method(sign_in, raising)?;

        if invited {
            self.invitation = None;
            self.admitted = true;
        }
        self.standing = Standing::Good;
        let method = sign_in.evidence.method;
        let admission = Admission { at, generation: self.generation, method, by_invitation: invited };
        let id = self.place_device(known, new_device, new_token, sign_in, moment);
        self.step(id, moment, |session| session.authenticate(admission)).map(|_| id)
    }

    /// Whether this device of the present account is free for another person: only after log-out
    /// (E09). A revoked one is; nothing of the first person is left on it.
    ///
    /// # Errors
    /// `UnsupportedDevice`, and the device is wiped, if it was modified; the state's refusal.
    pub fn guard_vacant(
        &mut self,
        token: &DeviceToken,
        integrity: DeviceIntegrity,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        let id = self.device_of(token);
        self.guard_integrity(id, integrity, moment)?;
        let live = id.filter(|id| self.apply_windows(*id, moment).is_ok());
        live.map_or(Ok(()), |id| self.admits(id, Command::Authenticate))
    }

    /// Generation and standing of the account. Answers whether an invitation is to be consumed.
    fn guard_invitation(&mut self, sign_in: &SignIn<'_>, raising: &Raising<'_>) -> Result<bool, Refusal> {
        let foreign = raising.facts.person.is_some_and(Person::is_foreign);
        let needed = self.needs_invitation(foreign, raising.moment.policy.reinvitation);
        let invited = match needed {
            Need::None => false,
            Need::First | Need::Again => {
                self.judge_invitation(sign_in.invitation, &raising.moment).map_err(|cause| {
                    let code = match needed {
                        Need::Again => RefusalCode::ReinvitationRequired,
                        Need::First | Need::None => RefusalCode::InvitationRequired,
                    };
                    Refusal::because(code, cause)
                })?;
                true
            }
        };
        if sign_in.evidence.start.person != self.person {
            return Err(Refusal::because(RefusalCode::AuthenticationFailed, Cause::AnotherPerson));
        }
        if sign_in.evidence.start.generation != self.generation {
            return Err(Refusal::because(RefusalCode::AuthenticationRequired, Cause::BegunBeforeRevokeAll));
        }
        Ok(invited)
    }

    /// Puts the device into the table: into its own row if it has one (it was revoked), otherwise
    /// into a new one, for which the device unused for the longest time makes room.
    fn place_device(
        &mut self,
        known: Option<DeviceId>,
        new_device: DeviceId,
        new_token: &DeviceToken,
        sign_in: &SignIn<'_>,
        moment: &Moment<'_>,
    ) -> DeviceId {
        let at = self.time_or_latest(moment);
        let generation = self.generation;
        if let Some(device) = known.and_then(|id| self.device_mut(id)) {
            device.token = new_token.digest();
            device.label = sign_in.label.clone();
            device.created = at;
            device.last_used = at;
            device.last_unlock = None;
            return device.id;
        }
        while self.devices.len() >= usize::from(moment.policy.device_limit.get()) {
            let Some(oldest) =
                self.devices.iter().min_by_key(|device| device.last_used).map(|device| device.id)
            else {
                break;
            };
            self.make_room(oldest, moment);
        }
        self.devices.push(Device {
            id: new_device,
            label: sign_in.label.clone(),
            created: at,
            last_used: at,
            last_unlock: None,
            token: new_token.digest(),
            session: AnySession::LoggedOut(Session::new(new_device, generation)),
        });
        new_device
    }

    /// Removes a device from the full table. One that was revoked has been logged out already, so
    /// it goes without an event.
    fn make_room(&mut self, id: DeviceId, moment: &Moment<'_>) {
        self.end(id, moment, LogOutCause::MadeRoom);
        self.devices.retain(|device| device.id != id);
    }
}

/// The credential itself: a method that this person has (R01, R30).
fn guard_method(sign_in: &SignIn<'_>, raising: &Raising<'_>) -> Result<(), Refusal> {
    let method = sign_in.evidence.method;
    if raising.facts.person.is_some_and(|person| person.may_use(method)) {
        Ok(())
    } else {
        Err(RefusalCode::MethodNotAvailable.into())
    }
}
