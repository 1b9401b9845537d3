//! The gate for hosts without async: the same methods, the same code path.

use alloc::vec::Vec;

use super::builder::Gate;
use super::device_handle::{AnyDevice, DeviceHandle};
use super::error::GateError;
use super::sign_in::{AuthenticationOffer, FailedAuthentication, SignedIn};
use crate::access::{Administrator, BrowserSession, Eligibility, Request, Rule};
use crate::account::{
    AccountOverview, AuthenticationStart, BeginFor, DeviceLabel, DeviceSummary, DeviceView, Grant,
    IssuedInvitation, PinEntries, RequestContext, SignIn, StrongAuthentication, Wanted,
};
use crate::host::{Host, at_once};
use crate::id::{CompanyId, DeviceId, PersonId};
use crate::people::Functions;
use crate::pin::{PersonalWords, Pin};
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::{DeviceToken, InvitationToken, SessionToken};
use crate::session::{Baseline, BiometricAssertion, Modality, PinPending};

/// A [`Gate`] whose methods return when they are done. Every part of its host is blocking: a
/// `Blocking` twin, and `Inline` hashing.
#[derive(Debug)]
pub struct BlockingGate<'a, H: Host>(pub(super) &'a Gate<H>);

impl<H: Host> Clone for BlockingGate<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H: Host> Copy for BlockingGate<'_, H> {}

impl<H: Host> Gate<H> {
    /// This gate without async.
    pub const fn blocking(&self) -> BlockingGate<'_, H> {
        BlockingGate(self)
    }
}

macro_rules! at_once {
    ($(fn $name:ident($($argument:ident: $kind:ty),*) -> $answer:ty;)*) => {
        impl<H: Host> BlockingGate<'_, H> {
            $(
                #[doc = concat!("See [`Gate::", stringify!($name), "`].")]
                ///
                /// # Errors
                /// The same; and [`GateError::NotBlocking`] if a part of the host is not blocking.
                pub fn $name(&self, $($argument: $kind),*) -> Result<$answer, GateError> {
                    at_once(self.0.$name($($argument),*)).unwrap_or(Err(GateError::NotBlocking))
                }
            )*
        }
    };
}

at_once! {
    fn begin_authentication(whom: BeginFor<'_>, request: &RequestContext) -> AuthenticationOffer;
    fn authenticate(sign_in: SignIn<'_>, request: &RequestContext) -> SignedIn;
    fn browser_access(person: PersonId) -> Eligibility;
    fn create_pin(
        token: &DeviceToken,
        entries: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext
    ) -> SessionToken;
    fn unlock_with_pin(token: &DeviceToken, entry: &Pin, request: &RequestContext) -> SessionToken;
    fn unlock_with_biometric(
        token: &DeviceToken,
        assertion: &BiometricAssertion,
        request: &RequestContext
    ) -> SessionToken;
    fn change_pin(
        session: &SessionToken,
        current: &Pin,
        new: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext
    ) -> ();
    fn check(session: &SessionToken, wanted: Wanted<'_>, request: &RequestContext) -> Grant;
    fn functions(session: &SessionToken, company: CompanyId, request: &RequestContext) -> Functions;
    fn device_view(token: &DeviceToken, request: &RequestContext) -> DeviceView;
    fn lock(token: &DeviceToken, request: &RequestContext) -> ();
    fn enable_biometric(
        session: &SessionToken,
        modality: Modality,
        baseline: Baseline,
        request: &RequestContext
    ) -> ();
    fn disable_biometric(session: &SessionToken, modality: Modality, request: &RequestContext) -> ();
    fn acknowledge(token: &DeviceToken, request: &RequestContext) -> ();
    fn log_out(token: &DeviceToken, request: &RequestContext) -> ();
    fn report_integrity(token: &DeviceToken, request: &RequestContext) -> ();
    fn devices(session: &SessionToken, request: &RequestContext) -> Vec<DeviceSummary>;
    fn log_out_device(session: &SessionToken, device: DeviceId, request: &RequestContext) -> ();
    fn rename_device(
        session: &SessionToken,
        device: DeviceId,
        label: DeviceLabel,
        request: &RequestContext
    ) -> ();
    fn log_out_device_of(
        session: &BrowserSession,
        company: CompanyId,
        person: PersonId,
        device: DeviceId
    ) -> ();
    fn overview(session: &BrowserSession, company: CompanyId, person: PersonId) -> AccountOverview;
    fn reassess(person: PersonId) -> ();
    fn erase(person: PersonId) -> ();
    fn log_out_everywhere(session: &SessionToken, request: &RequestContext) -> ();
    fn browser_check(session: &BrowserSession, request: &Request) -> Rule;
    fn invite(session: &BrowserSession, company: CompanyId, person: PersonId) -> IssuedInvitation;
    fn withdraw_invitation(session: &BrowserSession, company: CompanyId, person: PersonId) -> ();
    fn revoke_all(session: &BrowserSession, company: CompanyId, person: PersonId) -> ();
    fn administrator(session: &BrowserSession, company: CompanyId) -> Administrator;
    fn deliver_events(person: PersonId) -> usize;
}

/// The typed road.
impl<'a, H: Host> BlockingGate<'a, H> {
    /// See [`Gate::device`].
    ///
    /// # Errors
    /// The same; and [`GateError::NotBlocking`] if a part of the host is not blocking.
    pub fn device(
        &self,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<AnyDevice<'a, H>, GateError> {
        self.at_once(self.0.device(token, request))
    }

    /// See [`Gate::sign_in`].
    ///
    /// # Errors
    /// The same; and [`GateError::NotBlocking`] if a part of the host is not blocking.
    pub fn sign_in(
        &self,
        evidence: StrongAuthentication,
        label: DeviceLabel,
        invitation: Option<&InvitationToken>,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'a, H, PinPending>, GateError> {
        self.at_once(self.0.sign_in(evidence, label, invitation, request))
    }

    /// Runs a command of a [`DeviceHandle`] or an [`OpenDevice`](super::OpenDevice) to its end: on a host of blocking
    /// parts it never waits. [`device`](Self::device) and [`sign_in`](Self::sign_in) need no such wrapper.
    ///
    /// ```
    /// use pinlatch::gate::{AnyDevice, GateError};
    /// # use pinlatch_testkit::{PIN, UNMODIFIED as request, World, pin};
    /// # let world = World::new();
    /// # let phone = world.open_phone(world.employee()).unwrap();
    /// # phone.lock().unwrap();
    /// # let (token, entry) = (phone.token.as_ref().unwrap(), pin(PIN).unwrap());
    /// let gate = world.gate.blocking();
    /// let AnyDevice::Locked(device) = gate.device(token, &request)? else { return Ok(()) };
    /// let open = gate.at_once(device.unlock_with_pin(&entry, &request)).map_err(GateError::from)?;
    /// # let _ = open.session();
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Those of the command; and [`GateError::NotBlocking`] if a part of the host is not blocking.
    pub fn at_once<T, E: From<GateError>>(
        &self,
        command: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        at_once(command).unwrap_or_else(|| Err(GateError::NotBlocking.into()))
    }
}

impl<H: Host> BlockingGate<'_, H> {
    /// See [`Gate::authentication_failed`].
    #[must_use]
    pub fn authentication_failed(
        &self,
        start: &AuthenticationStart,
        how: FailedAuthentication,
        request: &RequestContext,
    ) -> Refusal {
        at_once(self.0.authentication_failed(start, how, request)).unwrap_or(RefusalCode::Unavailable.into())
    }
}
