//! A session whose state is known at run time only.

use super::change::{Change, LockCause, LogOutCause};
use super::enrolment::Enrolment;
use super::state::{
    Authenticated, Begun, Locked, LoggedOut, PinExhausted, PinPending, RevokedAll, Session, SessionState,
};
use super::table::{self, Cell, Command};
use super::transitions::{Admission, Moved, Opening};
use crate::id::Generation;
use crate::pin::{InFlight, NewCredential};
use crate::refusal::{Refusal, RefusalCode};

/// A session in any of the six states.
#[derive(Debug)]
pub enum AnySession {
    /// Not signed in.
    LoggedOut(Session<LoggedOut>),
    /// A PIN has to be created.
    PinPending(Session<PinPending>),
    /// Open.
    Authenticated(Session<Authenticated>),
    /// Locked.
    Locked(Session<Locked>),
    /// Five wrong PINs.
    PinExhausted(Session<PinExhausted>),
    /// Logged out from all devices.
    RevokedAll(Session<RevokedAll>),
}

/// The answer to a command: the session, moved or not, and what happened.
#[derive(Debug)]
#[must_use = "the session was consumed; keep the one in here"]
pub struct Step {
    /// The session after the command.
    pub session: AnySession,
    /// A change for the audit trail, nothing (unchanged), or a refusal.
    pub outcome: Result<Option<Change>, Refusal>,
}

macro_rules! from_session {
    ($($state:ident),*) => {
        $(impl From<Session<$state>> for AnySession {
            fn from(session: Session<$state>) -> Self {
                Self::$state(session)
            }
        }

        impl From<Moved<$state>> for Step {
            fn from(moved: Moved<$state>) -> Self {
                Self { session: moved.session.into(), outcome: Ok(Some(moved.change)) }
            }
        })*
    };
}
from_session!(LoggedOut, PinPending, Authenticated, Locked, PinExhausted, RevokedAll);

/// Whether the table lets the command through in this state.
///
/// # Errors
/// The table's refusal.
pub(crate) fn admits(state: SessionState, command: Command) -> Result<(), Refusal> {
    match table::cell(command, state) {
        Cell::To(_) | Cell::Unchanged | Cell::Invited(..) => Ok(()),
        Cell::Refused(code) | Cell::Absent(code) => Err(code.into()),
    }
}

impl AnySession {
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

    /// The account's generation when the device authenticated.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        match self {
            Self::LoggedOut(session) => session.generation(),
            Self::PinPending(session) => session.generation(),
            Self::Authenticated(session) => session.generation(),
            Self::Locked(session) => session.generation(),
            Self::PinExhausted(session) => session.generation(),
            Self::RevokedAll(session) => session.generation(),
        }
    }

    /// The enrolment, where there is one: `Authenticated` and `Locked`.
    #[must_use]
    pub const fn enrolment(&self) -> Option<&Enrolment> {
        match self {
            Self::Authenticated(session) => Some(&session.state().enrolment),
            Self::Locked(session) => Some(&session.state().enrolment),
            Self::LoggedOut(_) | Self::PinPending(_) | Self::PinExhausted(_) | Self::RevokedAll(_) => None,
        }
    }

    pub(crate) const fn enrolment_mut(&mut self) -> Option<&mut Enrolment> {
        match self {
            Self::Authenticated(session) => Some(&mut session.state.enrolment),
            Self::Locked(session) => Some(&mut session.state.enrolment),
            Self::LoggedOut(_) | Self::PinPending(_) | Self::PinExhausted(_) | Self::RevokedAll(_) => None,
        }
    }

    /// The claims of new PINs: `PinPending`.
    pub(crate) const fn claims(&self) -> Option<&InFlight> {
        match self {
            Self::PinPending(session) => Some(&session.state().claims),
            _ => None,
        }
    }

    pub(crate) const fn claims_mut(&mut self) -> Option<&mut InFlight> {
        match self {
            Self::PinPending(session) => Some(&mut session.state.claims),
            _ => None,
        }
    }

    /// When the strong authentication was, while the session lives.
    pub(crate) const fn begun(&self) -> Option<Begun> {
        match self {
            Self::PinPending(session) => Some(session.state().begun),
            Self::Authenticated(session) => Some(session.state().begun),
            Self::Locked(session) => Some(session.state().begun),
            Self::LoggedOut(_) | Self::PinExhausted(_) | Self::RevokedAll(_) => None,
        }
    }

    pub(crate) const fn authenticated(&self) -> Option<&Authenticated> {
        match self {
            Self::Authenticated(session) => Some(session.state()),
            _ => None,
        }
    }

    pub(crate) const fn authenticated_mut(&mut self) -> Option<&mut Authenticated> {
        match self {
            Self::Authenticated(session) => Some(&mut session.state),
            _ => None,
        }
    }

    /// Whether the table lets the command through in this state.
    ///
    /// # Errors
    /// The table's refusal.
    pub fn admits(&self, command: Command) -> Result<(), Refusal> {
        admits(self.state(), command)
    }

    fn refused(self, command: Command) -> Step {
        let code = table::refusal(command, self.state());
        Step { session: self, outcome: Err(code.into()) }
    }

    fn unchanged(self) -> Step {
        Step { session: self, outcome: Ok(None) }
    }

    /// Strong authentication succeeded. From `RevokedAll` the proof has to be one by invitation, or
    /// of a person whom the policy does not ask for one (D13); the account sees to that.
    pub fn authenticate(self, admission: Admission) -> Step {
        match self {
            Self::LoggedOut(session) => session.authenticate(admission).into(),
            Self::RevokedAll(session) => session.authenticate(admission).into(),
            Self::PinPending(session) => session.authenticate(admission).into(),
            Self::Authenticated(session) => session.authenticate(admission).into(),
            Self::Locked(session) => session.authenticate(admission).into(),
            other @ Self::PinExhausted(_) => other.refused(Command::Authenticate),
        }
    }

    /// A PIN was created.
    pub fn create_pin(self, pin: &NewCredential, opening: Opening) -> Step {
        match self {
            Self::PinPending(session) => session.create_pin(pin, opening).into(),
            other => other.refused(Command::CreatePin),
        }
    }

    /// Locks. Locked already: unchanged (E01). Never yields `Locked` elsewhere (E02).
    pub fn lock(self, cause: LockCause) -> Step {
        match self {
            Self::Authenticated(session) => session.lock(cause).into(),
            Self::Locked(_) => self.unchanged(),
            other => other.refused(Command::Lock),
        }
    }

    /// Unlocks, or opens the open app anew (D26).
    pub fn unlock(self, opening: Opening) -> Step {
        match self {
            Self::Locked(session) => session.unlock(opening).into(),
            Self::Authenticated(session) => session.reopen(opening).into(),
            other => other.refused(Command::UnlockWithRightPin),
        }
    }

    /// The fifth wrong PIN.
    pub fn exhaust(self) -> Step {
        match self {
            Self::Locked(session) => session.exhaust().into(),
            Self::Authenticated(session) => session.exhaust().into(),
            other => other.refused(Command::UnlockWithFifthWrongPin),
        }
    }

    /// "OK" to the message about too many wrong PINs.
    pub fn acknowledge(self) -> Step {
        match self {
            Self::PinExhausted(session) => session.acknowledge().into(),
            other => other.refused(Command::Acknowledge),
        }
    }

    /// Logs this device out. `RevokedAll` stays `RevokedAll`: log-out must not erase the duty to be
    /// re-invited (E03).
    pub fn log_out(self, cause: LogOutCause) -> Step {
        match self {
            Self::LoggedOut(_) | Self::RevokedAll(_) => self.unchanged(),
            Self::PinPending(session) => session.log_out(cause).into(),
            Self::Authenticated(session) => session.log_out(cause).into(),
            Self::Locked(session) => session.log_out(cause).into(),
            Self::PinExhausted(session) => session.log_out(cause).into(),
        }
    }

    /// The device was found rooted or jailbroken: session ended, PIN and biometric wiped (E14).
    pub fn device_modified(self) -> Step {
        self.log_out(LogOutCause::DeviceModified)
    }

    /// The person logs out from all devices, on this one (R31): only from an open app (D17).
    /// Revoked already: unchanged.
    pub fn log_out_everywhere(self) -> Step {
        match self {
            Self::Authenticated(session) => session.log_out_everywhere().into(),
            Self::RevokedAll(_) => self.unchanged(),
            other => other.refused(Command::LogOutEverywhere),
        }
    }

    /// Logged out from all devices by another device or an administrator (R31).
    pub fn revoke(self) -> Step {
        match self {
            Self::LoggedOut(session) => session.revoke().into(),
            Self::PinPending(session) => session.revoke().into(),
            Self::Authenticated(session) => session.revoke().into(),
            Self::Locked(session) => session.revoke().into(),
            Self::PinExhausted(session) => session.revoke().into(),
            Self::RevokedAll(_) => self.unchanged(),
        }
    }

    /// Whether a function of the app may be used in this state (R06).
    ///
    /// # Errors
    /// The table's refusal, for example [`RefusalCode::PinRequired`].
    pub fn usable(&self) -> Result<(), Refusal> {
        self.admits(Command::Use)
    }

    /// Whether the app would have to be unlocked first.
    #[must_use]
    pub fn is_locked(&self) -> bool {
        self.usable() == Err(Refusal::new(RefusalCode::Locked))
    }
}
