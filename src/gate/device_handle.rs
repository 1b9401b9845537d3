//! The typed road: a device in its state, with that state's commands and no others.
//!
//! A handle may be out of date. Commands that write check it on writing; others load again. So a handle that
//! another host has overtaken answers like a command by token: by the table, from the present state.

use alloc::boxed::Box;
use core::fmt;
use core::marker::PhantomData;

use super::builder::Gate;
use super::command::Command;
use super::driver::Stopped;
use super::error::GateError;
use super::versioned_account::VersionedAccount;
use super::writing::Start;
use crate::account::{Account, DeviceLabel, RequestContext, SignIn, StrongAuthentication};
use crate::host::{Host, Key, Store};
use crate::secret::{DeviceToken, InvitationToken, SessionToken};
use crate::session::{Authenticated, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll, SessionState};

/// A device as it was found: matched once, where the state is truly unknown. Write one arm for each state. In one that
/// does not have the command which was asked for, call the method of the [`Gate`] by token: it refuses with the right
/// code, and tells the journal.
pub enum AnyDevice<'g, H: Host> {
    /// Not signed in: strong authentication is needed.
    LoggedOut(DeviceHandle<'g, H, LoggedOut>),
    /// Strongly authenticated; a PIN has to be created.
    PinPending(DeviceHandle<'g, H, PinPending>),
    /// The app is open, on a session whose token [`with_session`](DeviceHandle::with_session) takes.
    Authenticated(DeviceHandle<'g, H, Authenticated>),
    /// The app is locked.
    Locked(DeviceHandle<'g, H, Locked>),
    /// Five wrong PINs: the message waits to be acknowledged.
    PinExhausted(DeviceHandle<'g, H, PinExhausted>),
    /// Logged out from all devices: a re-invitation is needed.
    RevokedAll(DeviceHandle<'g, H, RevokedAll>),
}

impl<'g, H: Host> AnyDevice<'g, H> {
    pub(super) fn of(device: DeviceHandle<'g, H, ()>, state: SessionState) -> Self {
        match state {
            SessionState::LoggedOut => Self::LoggedOut(device.into_state()),
            SessionState::PinPending => Self::PinPending(device.into_state()),
            SessionState::Authenticated => Self::Authenticated(device.into_state()),
            SessionState::Locked => Self::Locked(device.into_state()),
            SessionState::PinExhausted => Self::PinExhausted(device.into_state()),
            SessionState::RevokedAll => Self::RevokedAll(device.into_state()),
        }
    }

    /// The name of the state.
    #[must_use]
    pub const fn state(&self) -> SessionState {
        match self {
            Self::LoggedOut(_) => SessionState::LoggedOut,
            Self::PinPending(_) => SessionState::PinPending,
            Self::Authenticated(_) => SessionState::Authenticated,
            Self::Locked(_) => SessionState::Locked,
            Self::PinExhausted(_) => SessionState::PinExhausted,
            Self::RevokedAll(_) => SessionState::RevokedAll,
        }
    }
}

impl<H: Host> fmt::Debug for AnyDevice<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyDevice({})", self.state())
    }
}

/// A device in the state `S`, one of the six types of [`session`](crate::session). It has the commands that a
/// device token may give in that state; what needs the open app stands on [`OpenDevice`].
///
/// A command consumes the handle and gives back the one of the state that it leads to, or [`NotDone`] with the
/// device as it is.
pub struct DeviceHandle<'g, H: Host, S> {
    pub(super) gate: &'g Gate<H>,
    pub(super) token: DeviceToken,
    /// The account as it was loaded, if no command has used it yet.
    held: Option<Box<VersionedAccount>>,
    state: PhantomData<fn() -> S>,
}

impl<H: Host, S> fmt::Debug for DeviceHandle<'_, H, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceHandle").finish_non_exhaustive()
    }
}

/// A device whose app is open, with the session's token: made by creating a PIN, by unlocking, or by
/// [`DeviceHandle::with_session`].
///
/// It holds no account: whatever is asked of it is decided on the record as it is. A session that has ended in
/// the meantime is `SessionRequired`.
#[doc(alias = "session")]
pub struct OpenDevice<'g, H: Host> {
    pub(super) device: DeviceHandle<'g, H, Authenticated>,
    pub(super) session: SessionToken,
}

impl<H: Host> fmt::Debug for OpenDevice<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenDevice").finish_non_exhaustive()
    }
}

/// A command that was not done: why, and the device as it is now.
///
/// In a function that answers with a [`GateError`] `?` turns it into one, where the device is not wanted. It borrows
/// the gate, so `?` does not make a `Box<dyn Error>` of it: say `.map_err(GateError::from)?` there.
pub struct NotDone<'g, H: Host> {
    /// Why. Show `error.refusal().public(language)`.
    pub error: GateError,
    pub(super) device: Option<Box<AnyDevice<'g, H>>>,
}

impl<'g, H: Host> NotDone<'g, H> {
    pub(super) fn of(gate: &'g Gate<H>, token: DeviceToken, command: &'static str, stopped: Stopped) -> Self {
        let Stopped { error, account } = stopped;
        // Who signs in as somebody else is refused in that person's account.
        let own = account.filter(|account| account.person() == token.person());
        let device = own.map(|mut account| {
            let command = Command::bare(token.person(), command);
            let state = gate.state_of(&mut account, &token, command);
            Box::new(AnyDevice::of(DeviceHandle::afresh(gate, token), state))
        });
        Self { error, device }
    }

    /// The device, in the state in which the command was refused: where to go on from. `None` where that is not
    /// known: a part of the host failed, the record is damaged, or another person's evidence was refused. Ask
    /// [`Gate::device`] then.
    #[must_use]
    pub fn into_device(self) -> Option<AnyDevice<'g, H>> {
        self.device.map(|device| *device)
    }
}

impl<H: Host> fmt::Debug for NotDone<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotDone").field("error", &self.error).field("device", &self.device).finish()
    }
}

impl<H: Host> fmt::Display for NotDone<'_, H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<H: Host> core::error::Error for NotDone<'_, H> {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        self.error.source()
    }
}

impl<H: Host> From<GateError> for NotDone<'_, H> {
    fn from(error: GateError) -> Self {
        Self { error, device: None }
    }
}

impl<H: Host> From<NotDone<'_, H>> for GateError {
    fn from(not_done: NotDone<'_, H>) -> Self {
        not_done.error
    }
}

impl<H: Host> Gate<H> {
    /// The device of this token in its state, with that state's commands. Nothing is written, and no person
    /// is read. An unknown token is of a device that is logged out.
    ///
    /// # Errors
    /// A failed part of the host; `Unavailable` for a record of a newer version.
    pub async fn device(
        &self,
        token: &DeviceToken,
        request: &RequestContext,
    ) -> Result<AnyDevice<'_, H>, GateError> {
        let command = Command::noted(token.person(), "device", request);
        let mut device = DeviceHandle::afresh(self, token.duplicate());
        let loaded = match self.host.store().load(&Key::account(command.person)).await {
            Ok(loaded) => loaded,
            Err(error) => return Err(self.reported(command, GateError::store(error)).await),
        };
        let state = match self.held(command, loaded.clone()) {
            Ok(mut looked_at) => self.state_of(&mut looked_at.account, token, command),
            // As it will be once an administrator has replaced the record: to be re-invited (E32).
            Err(GateError::Record(error)) if error.is_damage() => SessionState::RevokedAll,
            Err(error) => return Err(self.reported(command, error).await),
        };
        device.held = self.held(command, loaded).ok().map(Box::new);
        Ok(AnyDevice::of(device, state))
    }

    /// Signs a device in that has no token yet: a phone that is new, or an app that was installed again. On
    /// the typed road what [`authenticate`](Self::authenticate) is beside it, with the same evidence.
    ///
    /// # Errors
    /// As for [`authenticate`](Self::authenticate).
    pub async fn sign_in(
        &self,
        evidence: StrongAuthentication,
        label: DeviceLabel,
        invitation: Option<&InvitationToken>,
        request: &RequestContext,
    ) -> Result<DeviceHandle<'_, H, PinPending>, GateError> {
        let sign_in = SignIn { evidence, label, known: None, invitation };
        let signed_in = self.authenticate(sign_in, request).await?;
        Ok(DeviceHandle::afresh(self, signed_in.token))
    }

    fn state_of(&self, account: &mut Account, token: &DeviceToken, command: Command) -> SessionState {
        account.device_view(token, &self.peppers, &self.context(command)).state
    }
}

impl<'g, H: Host, S> DeviceHandle<'g, H, S> {
    pub(super) fn afresh(gate: &'g Gate<H>, token: DeviceToken) -> Self {
        Self { gate, token, held: None, state: PhantomData }
    }

    pub(super) fn into_state<T>(self) -> DeviceHandle<'g, H, T> {
        DeviceHandle { gate: self.gate, token: self.token, held: self.held, state: PhantomData }
    }

    /// What a command starts from: what was loaded, once.
    pub(super) fn start(&mut self) -> Start {
        Start::from_held(self.held.take().map(|held| *held))
    }

    pub(super) fn not_done(self, command: &'static str, stopped: Stopped) -> NotDone<'g, H> {
        NotDone::of(self.gate, self.token, command, stopped)
    }

    /// The device's token: what the device keeps in its key store from one sign-in to the next.
    #[must_use]
    pub const fn token(&self) -> &DeviceToken {
        &self.token
    }

    /// The same, to be handed to the device.
    #[must_use]
    pub fn into_token(self) -> DeviceToken {
        self.token
    }
}
