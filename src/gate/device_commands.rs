//! What a device may be told in each of its states, by its token.

use alloc::boxed::Box;

use super::command::Command;
use super::device_handle::{AnyDevice, DeviceHandle, NotDone, OpenDevice};
use super::may;
use super::writing::Start;
use crate::account::{
    Account, Context, DeviceLabel, PinEntries, RequestContext, SignIn, StrongAuthentication,
};
use crate::host::Host;
use crate::pin::{PersonalWords, Pin};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{InvitationToken, SessionToken};
use crate::session::{Authenticated, BiometricAssertion, Locked, LoggedOut, PinPending, SessionState};

impl<'g, H: Host, S: may::Authenticate> DeviceHandle<'g, H, S> {
    /// Strong authentication succeeded: the device waits for its PIN, under a new token (R05, E08). `invitation`
    /// is the one that the person presents, if any.
    ///
    /// # Errors
    /// As for [`Gate::authenticate`](super::Gate::authenticate).
    pub async fn authenticate(
        mut self,
        evidence: StrongAuthentication,
        label: DeviceLabel,
        invitation: Option<&InvitationToken>,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'g, H, PinPending>, NotDone<'g, H>> {
        let start = if evidence.person() == self.token.person() { self.start() } else { Start::Load };
        let sign_in = SignIn { evidence, label, known: Some(&self.token), invitation };
        match self.gate.authenticate_from(start, sign_in, request).await {
            Ok(signed_in) => Ok(DeviceHandle::afresh(self.gate, signed_in.token)),
            Err(stopped) => Err(self.not_done("authenticate", stopped)),
        }
    }
}

impl<'g, H: Host, S: may::CreatePin> DeviceHandle<'g, H, S> {
    /// Creates the PIN; the app is open at once (R07, R09).
    ///
    /// # Errors
    /// As for [`Gate::create_pin`](super::Gate::create_pin).
    pub async fn create_pin(
        mut self,
        entries: &PinEntries,
        personal: &PersonalWords,
        request: &RequestContext,
    ) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.create_pin_from(start, &self.token, entries, personal, request).await {
            Ok(session) => Ok(self.opened(session)),
            Err(stopped) => Err(self.not_done("create_pin", stopped)),
        }
    }
}

impl<'g, H: Host, S: may::Unlock> DeviceHandle<'g, H, S> {
    /// Opens the lock by PIN (R11), or the open app anew (D26).
    ///
    /// # Errors
    /// As for [`Gate::unlock_with_pin`](super::Gate::unlock_with_pin).
    pub async fn unlock_with_pin(
        mut self,
        entry: &Pin,
        request: &RequestContext,
    ) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.unlock_with_pin_from(start, &self.token, entry, request).await {
            Ok(session) => Ok(self.opened(session)),
            Err(stopped) => Err(self.not_done("unlock_with_pin", stopped)),
        }
    }

    /// Opens the lock by face or fingerprint (R27), or the open app anew (D26).
    ///
    /// # Errors
    /// As for [`Gate::unlock_with_biometric`](super::Gate::unlock_with_biometric).
    pub async fn unlock_with_biometric(
        mut self,
        assertion: &BiometricAssertion,
        request: &RequestContext,
    ) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.unlock_with_biometric_from(start, &self.token, assertion, request).await {
            Ok(session) => Ok(self.opened(session)),
            Err(stopped) => Err(self.not_done("unlock_with_biometric", stopped)),
        }
    }
}

impl<'g, H: Host, S: may::Lock> DeviceHandle<'g, H, S> {
    /// Lock (R26). Locked already: unchanged (E01).
    ///
    /// # Errors
    /// As for [`Gate::lock`](super::Gate::lock). A record that was damaged meanwhile has nobody signed in:
    /// `ReinvitationRequired`, and the handle of a revoked device (E32).
    pub async fn lock(
        mut self,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'g, H, Locked>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.lock_from(start, &self.token, request).await {
            Ok(true) => Ok(self.into_state()),
            Ok(false) => Err(self.damaged("lock", request).await),
            Err(stopped) => Err(self.not_done("lock", stopped)),
        }
    }
}

impl<'g, H: Host, S: may::Acknowledge> DeviceHandle<'g, H, S> {
    /// "OK" to the message about too many wrong PINs (R15).
    ///
    /// # Errors
    /// As for [`Gate::acknowledge`](super::Gate::acknowledge).
    pub async fn acknowledge(
        mut self,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'g, H, LoggedOut>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.acknowledge_from(start, &self.token, request).await {
            Ok(()) => Ok(self.into_state()),
            Err(stopped) => Err(self.not_done("acknowledge", stopped)),
        }
    }
}

impl<'g, H: Host, S: may::LogOut> DeviceHandle<'g, H, S> {
    /// Logs this device out (R29). Logged out already: unchanged. A device that was revoked, perhaps only just
    /// now, stays so (E03): the answer says which of the two it is.
    ///
    /// # Errors
    /// As for [`Gate::log_out`](super::Gate::log_out).
    pub async fn log_out(mut self, request: &RequestContext) -> Result<AnyDevice<'g, H>, NotDone<'g, H>> {
        let start = self.start();
        match self.gate.log_out_from(start, &self.token, request).await {
            Ok(state) => Ok(AnyDevice::of(self.into_state(), state)),
            Err(stopped) => Err(self.not_done("log_out", stopped)),
        }
    }
}

impl<'g, H: Host> DeviceHandle<'g, H, Authenticated> {
    /// The open app, for the session that the request brought: with it the person uses functions, changes
    /// the PIN, sees the devices.
    ///
    /// # Errors
    /// `SessionRequired` if this session is not live, or is another device's; the refusal of a window that has
    /// passed; or a failed part of the host. It is no [check](OpenDevice::check): neither the device's integrity nor
    /// the person is looked at.
    pub async fn with_session(
        self,
        session: &SessionToken,
        request: &RequestContext,
    ) -> Result<OpenDevice<'g, H>, NotDone<'g, H>> {
        let command = Command::noted(self.token.person(), "with_session", request);
        let decide = |account: &mut Account, context: &Context<'_>| {
            account.check_same_device(&self.token, session, context)
        };
        match self.gate.run_from(command, Start::Load, decide).await {
            Ok(()) => Ok(self.opened(session.duplicate())),
            Err(stopped) => Err(self.not_done("with_session", stopped)),
        }
    }
}

impl<'g, H: Host, S> DeviceHandle<'g, H, S> {
    async fn damaged(self, command: &'static str, request: &RequestContext) -> NotDone<'g, H> {
        let refusal = Refusal::because(RefusalCode::ReinvitationRequired, Cause::RecordUnreadable);
        self.gate.report(Command::noted(self.token.person(), command, request), refusal).await;
        let device = AnyDevice::of(self.into_state(), SessionState::RevokedAll);
        NotDone { error: refusal.into(), device: Some(Box::new(device)) }
    }

    fn opened(self, session: SessionToken) -> OpenDevice<'g, H> {
        OpenDevice { device: DeviceHandle::afresh(self.gate, self.token), session }
    }
}
