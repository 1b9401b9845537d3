//! A device makes contact: it proves itself, then the guards look at it in their fixed order.

use subtle::{ConditionallySelectable, ConstantTimeEq};

use super::context::{DeviceIntegrity, Facts, Moment, Raising};
use super::device::Device;
use super::state::Account;
use crate::access::{self, Channel, Ineligible};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, Digest, SessionToken};
use crate::session::{AnySession, LogOutCause, SessionState};
use crate::time::Timestamp;

impl Account {
    /// The device with this token. Every device is compared, in constant time.
    pub(super) fn device_of(&self, token: &DeviceToken) -> Option<DeviceId> {
        self.find(token.digest(), |device| Some(&device.token)).map(Device::id)
    }

    /// The device with this live session token. A row of an older generation has none (E12).
    pub(super) fn device_in_session(&self, token: &SessionToken) -> Option<&Device> {
        let device =
            self.find(token.digest(), |device| device.session.authenticated().map(|open| &open.token));
        device.filter(|device| self.serves(device.session.generation()))
    }

    fn find(&self, wanted: Digest, stored: impl Fn(&Device) -> Option<&Digest>) -> Option<&Device> {
        let mut found = u64::MAX;
        for (index, device) in (0_u64..).zip(&self.devices) {
            if let Some(digest) = stored(device) {
                found.conditional_assign(&index, digest.ct_eq(&wanted));
            }
        }
        self.devices.get(usize::try_from(found).ok()?)
    }

    /// What a command that lowers privilege, or only looks, needs: the device proves itself, and
    /// passed windows are applied. It fails on no guard.
    ///
    /// # Errors
    /// `AuthenticationRequired` if the token fits no device, as for an unknown account.
    pub(super) fn contact(&mut self, token: &DeviceToken, moment: &Moment<'_>) -> Result<DeviceId, Refusal> {
        let unknown = Refusal::because(RefusalCode::AuthenticationRequired, Cause::TokenUnknown);
        let id = self.device_of(token).ok_or(unknown)?;
        self.apply_windows(id, moment)?;
        Ok(id)
    }

    /// The device of a command that raises privilege. The device's own integrity is looked at even
    /// before its token, so a modified one is told so in whatever state it is (R03).
    pub(super) fn find_for_raising(
        &mut self,
        token: &DeviceToken,
        raising: &Raising<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = self.device_of(token);
        self.guard_integrity(id, raising.integrity, &raising.moment)?;
        id.ok_or(Refusal::because(RefusalCode::AuthenticationRequired, Cause::TokenUnknown))
    }

    /// Notes that a device was opened.
    pub(super) fn note_opening(&mut self, id: DeviceId, at: Timestamp) {
        if let Some(device) = self.device_mut(id) {
            device.last_used = at;
            device.last_unlock = Some(at);
        }
    }

    /// The guards of every command that raises privilege, for a device that has proved itself:
    /// device integrity → generation and standing of the account → eligibility of the person →
    /// room in the audit trail. The credential comes after them (the guard order).
    pub(super) fn guard(&mut self, id: DeviceId, raising: &Raising<'_>) -> Result<(), Refusal> {
        self.guard_integrity(Some(id), raising.integrity, &raising.moment)?;
        if raising.integrity == DeviceIntegrity::Unknown {
            return Err(RefusalCode::DeviceIntegrityUnknown.into());
        }
        self.apply_windows(id, &raising.moment)?;
        self.guard_generation(id)?;
        self.guard_eligibility(Some(id), &raising.facts, &raising.moment)?;
        self.guard_audit_room(&raising.moment)?;
        self.time(&raising.moment).map(|_| ())
    }

    /// A modified device is refused; if it is enrolled, what is enrolled on it is wiped (E14).
    #[inline]
    pub(super) fn guard_integrity(
        &mut self,
        id: Option<DeviceId>,
        integrity: DeviceIntegrity,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        if integrity == DeviceIntegrity::Modified { self.wipe_modified(id, moment) } else { Ok(()) }
    }

    #[cold]
    fn wipe_modified(&mut self, id: Option<DeviceId>, moment: &Moment<'_>) -> Result<(), Refusal> {
        if let Some(id) = id {
            let _wiped = self.step(id, moment, AnySession::device_modified);
        }
        Err(RefusalCode::UnsupportedDevice.into())
    }

    /// Nothing older than the account's generation is served, whatever its row says (E12).
    fn guard_generation(&self, id: DeviceId) -> Result<(), Refusal> {
        let session = self.device(id).map(Device::session);
        let current = session.is_some_and(|session| {
            session.state() != SessionState::RevokedAll && self.serves(session.generation())
        });
        if current { Ok(()) } else { Err(RefusalCode::ReinvitationRequired.into()) }
    }

    /// The person must be eligible for the app today. Who is eligible nowhere loses session and
    /// credentials (E22, E23); who only lacks a service keeps the PIN (E19).
    #[inline]
    pub(super) fn guard_eligibility(
        &mut self,
        id: Option<DeviceId>,
        facts: &Facts<'_>,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        if facts.person.is_some_and(|person| person.id() != self.person) {
            return Err(Refusal::because(RefusalCode::NotEligible, Cause::AnotherPerson));
        }
        match eligible(facts, moment) {
            Ok(()) => Ok(()),
            Err(ineligible) => Err(self.refuse_ineligible(id, &ineligible, moment)),
        }
    }

    #[cold]
    fn refuse_ineligible(
        &mut self,
        id: Option<DeviceId>,
        ineligible: &Ineligible,
        moment: &Moment<'_>,
    ) -> Refusal {
        if let (Some(id), true) = (id, ineligible.ends_sessions()) {
            self.end(id, moment, LogOutCause::NoLongerEligible);
        }
        ineligible.refusal()
    }

    /// With the outbox full nothing is raised, so that it cannot grow without bound; each device
    /// can only be lowered a few times more.
    pub(super) fn guard_audit_room(&self, moment: &Moment<'_>) -> Result<(), Refusal> {
        if self.outbox.len() >= moment.policy.outbox_limit {
            return Err(RefusalCode::AuditTrailFull.into());
        }
        Ok(())
    }
}

#[inline]
fn eligible(facts: &Facts<'_>, moment: &Moment<'_>) -> Result<(), Ineligible> {
    access::eligibility(facts.person, Channel::MobileApp, facts.dates, moment.policy.access()).map(|_| ())
}
