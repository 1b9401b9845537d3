//! The open app on the typed road: what needs a live session.

use alloc::vec::Vec;

use super::device_handle::{AnyDevice, DeviceHandle, NotDone, OpenDevice};
use super::driver::Stopped;
use super::error::GateError;
use super::writing::Start;
use crate::account::{
    DeviceLabel, DeviceSummary, Grant, PinEntries, RequestContext, StrongAuthentication, Wanted,
};
use crate::host::Host;
use crate::id::{CompanyId, DeviceId};
use crate::people::Functions;
use crate::pin::{PersonalWords, Pin};
use crate::secret::{DeviceToken, InvitationToken, SessionToken};
use crate::session::{Baseline, BiometricAssertion, Locked, Modality, PinPending, RevokedAll};

impl<'g, H: Host> OpenDevice<'g, H> {
    /// The device's token.
    #[must_use]
    pub const fn token(&self) -> &DeviceToken {
        self.device.token()
    }

    /// The session's token: what the device sends with every request until the app is locked.
    #[must_use]
    pub const fn session(&self) -> &SessionToken {
        &self.session
    }

    /// Both tokens, to be handed to the device.
    #[must_use]
    pub fn into_tokens(self) -> (DeviceToken, SessionToken) {
        (self.device.into_token(), self.session)
    }

    /// See [`Gate::check`](super::Gate::check): may this be done now?
    ///
    /// # Errors
    /// The same.
    pub async fn check(&self, wanted: Wanted<'_>, request: &RequestContext) -> Result<Grant, GateError> {
        self.device.gate.check(&self.session, wanted, request).await
    }

    /// See [`Gate::functions`](super::Gate::functions): the app's menu.
    ///
    /// # Errors
    /// The same.
    pub async fn functions(
        &self,
        company: CompanyId,
        request: &RequestContext,
    ) -> Result<Functions, GateError> {
        self.device.gate.functions(&self.session, company, request).await
    }

    /// See [`Gate::devices`](super::Gate::devices).
    ///
    /// # Errors
    /// The same.
    pub async fn devices(&self, request: &RequestContext) -> Result<Vec<DeviceSummary>, GateError> {
        self.device.gate.devices(&self.session, request).await
    }

    /// See [`Gate::rename_device`](super::Gate::rename_device).
    ///
    /// # Errors
    /// The same.
    pub async fn rename_device(
        &self,
        device: DeviceId,
        label: DeviceLabel,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        self.device.gate.rename_device(&self.session, device, label, request).await
    }

    /// See [`Gate::log_out_device`](super::Gate::log_out_device): another device of the person's.
    ///
    /// # Errors
    /// The same.
    pub async fn log_out_device(&self, device: DeviceId, request: &RequestContext) -> Result<(), GateError> {
        self.device.gate.log_out_device(&self.session, device, request).await
    }

    /// See [`Gate::enable_biometric`](super::Gate::enable_biometric).
    ///
    /// # Errors
    /// The same.
    pub async fn enable_biometric(
        &self,
        modality: Modality,
        baseline: Baseline,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        self.device.gate.enable_biometric(&self.session, modality, baseline, request).await
    }

    /// See [`Gate::disable_biometric`](super::Gate::disable_biometric).
    ///
    /// # Errors
    /// The same.
    pub async fn disable_biometric(
        &self,
        modality: Modality,
        request: &RequestContext,
    ) -> Result<(), GateError> {
        self.device.gate.disable_biometric(&self.session, modality, request).await
    }

    /// See [`Gate::change_pin`](super::Gate::change_pin). The session goes on (E29); the fifth wrong PIN ends it.
    ///
    /// # Errors
    /// The same.
    pub async fn change_pin(
        self,
        current: &Pin,
        new: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<Self, NotDone<'g, H>> {
        let gate = self.device.gate;
        match gate.change_pin_from(Start::Load, &self.session, current, new, personal, request).await {
            Ok(()) => Ok(self),
            Err(stopped) => Err(self.not_done("change_pin", stopped)),
        }
    }

    /// See [`Gate::log_out_everywhere`](super::Gate::log_out_everywhere): every device of the person's, this one
    /// included (R31).
    ///
    /// # Errors
    /// The same.
    pub async fn log_out_everywhere(
        self,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'g, H, RevokedAll>, NotDone<'g, H>> {
        match self.device.gate.log_out_everywhere_from(Start::Load, &self.session, request).await {
            Ok(()) => Ok(DeviceHandle::afresh(self.device.gate, self.device.token)),
            Err(stopped) => Err(self.not_done("log_out_everywhere", stopped)),
        }
    }

    /// See [`DeviceHandle::lock`].
    ///
    /// # Errors
    /// The same.
    pub async fn lock(self, request: &RequestContext) -> Result<DeviceHandle<'g, H, Locked>, NotDone<'g, H>> {
        self.device.lock(request).await
    }

    /// See [`DeviceHandle::log_out`].
    ///
    /// # Errors
    /// The same.
    pub async fn log_out(self, request: &RequestContext) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
        self.device.log_out(request).await
    }

    /// See [`DeviceHandle::unlock_with_pin`]: the app is opened anew, before what asks for the PIN again (D26).
    ///
    /// # Errors
    /// The same.
    pub async fn unlock_with_pin(
        self,
        entry: &Pin,
        request: &RequestContext,
    ) -> Result<Self, NotDone<'g, H>> {
        self.device.unlock_with_pin(entry, request).await
    }

    /// See [`DeviceHandle::unlock_with_biometric`].
    ///
    /// # Errors
    /// The same.
    pub async fn unlock_with_biometric(
        self,
        assertion: &BiometricAssertion,
        request: &RequestContext,
    ) -> Result<Self, NotDone<'g, H>> {
        self.device.unlock_with_biometric(assertion, request).await
    }

    /// See [`DeviceHandle::authenticate`]: starts over (E08).
    ///
    /// # Errors
    /// The same.
    pub async fn authenticate(
        self,
        evidence: StrongAuthentication,
        label: DeviceLabel,
        invitation: Option<&InvitationToken>,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'g, H, PinPending>, NotDone<'g, H>> {
        self.device.authenticate(evidence, label, invitation, request).await
    }

    fn not_done(self, command: &'static str, stopped: Stopped) -> NotDone<'g, H> {
        NotDone::of(self.device.gate, self.device.token, command, stopped)
    }
}
