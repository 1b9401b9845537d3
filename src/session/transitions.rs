//! The legal transitions of each state, and nothing else: what is not here does not compile.

use super::change::{Change, LockCause, LogOutCause};
use super::enrolment::Enrolment;
use super::state::{
    Authenticated, Begun, Locked, LoggedOut, OpenedBy, PinExhausted, PinPending, RevokedAll, Session,
};
use crate::id::{DeviceId, Generation};
use crate::people::AuthenticationMethod;
use crate::pin::{Credential, InFlight, NewCredential};
use crate::secret::Digest;
use crate::time::Seen;

/// A transition that happened: the new session, and what the audit trail records of it.
#[derive(Debug)]
#[must_use = "the old session is gone; keep the new one and record the change"]
pub struct Moved<S> {
    /// The session in its new state.
    pub session: Session<S>,
    /// What happened.
    pub change: Change,
}

fn moved<S>(session: Session<S>, change: Change) -> Moved<S> {
    Moved { session, change }
}

/// Proof that a strong authentication passed every guard of the account. Only the account makes it.
#[derive(Debug)]
pub struct Admission {
    pub(crate) begun: Begun,
    pub(crate) generation: Generation,
    pub(crate) method: AuthenticationMethod,
    pub(crate) by_invitation: bool,
}

/// Proof that something unlocked: a settled right PIN, or a recognised biometric. It carries the
/// new session token's digest. Only the account makes it.
#[derive(Debug)]
pub struct Opening {
    pub(crate) seen: Seen,
    pub(crate) token: Digest,
    pub(crate) by: OpenedBy,
    /// In place of the stored credential, if that was outdated.
    pub(crate) renewed: Option<Credential>,
}

impl Opening {
    /// The open session, and what happened.
    fn open<S>(self, session: &Session<S>, begun: Begun, mut enrolment: Enrolment) -> Moved<Authenticated> {
        let Self { seen, token, by, renewed } = self;
        if let Some(credential) = renewed {
            enrolment.credential = credential;
        }
        let change = match by {
            OpenedBy::Pin => Change::UnlockedByPin,
            OpenedBy::Biometric(modality) => Change::UnlockedByBiometric(modality),
        };
        let state = Authenticated { begun, enrolment, token, opened: seen, opened_by: by, last_use: seen };
        let session = Session { device: session.device, generation: session.generation, state };
        moved(session, change)
    }
}

impl Admission {
    fn begin<S>(self, session: &Session<S>) -> Moved<PinPending> {
        let Self { begun, generation, method, by_invitation } = self;
        let state = PinPending { begun, claims: InFlight::default() };
        let session = Session { device: session.device, generation, state };
        moved(session, Change::Authenticated { method, by_invitation })
    }
}

impl Session<LoggedOut> {
    /// The session of a device that is not signed in: where every device starts.
    #[must_use]
    pub const fn new(device: DeviceId, generation: Generation) -> Self {
        Self { device, generation, state: LoggedOut }
    }

    /// Strong authentication succeeded (R05).
    pub fn authenticate(self, admission: Admission) -> Moved<PinPending> {
        admission.begin(&self)
    }
}

impl Session<PinPending> {
    /// A PIN was created; the app is open at once, without a further credential (R07, R09).
    #[expect(clippy::needless_pass_by_value, reason = "the proof is used up")]
    pub fn create_pin(self, pin: &NewCredential, opening: Opening) -> Moved<Authenticated> {
        let state = Authenticated {
            begun: self.state.begun,
            enrolment: Enrolment::new(pin.credential()),
            token: opening.token,
            opened: opening.seen,
            opened_by: opening.by,
            last_use: opening.seen,
        };
        moved(self.with_state(state), Change::PinCreated)
    }
}

impl Session<Authenticated> {
    /// Ends the session and keeps the enrolment (R26, D02).
    pub fn lock(self, cause: LockCause) -> Moved<Locked> {
        let Self { device, generation, state } = self;
        let mut state = Locked { begun: state.begun, enrolment: state.enrolment };
        // What was asked of the open app is not answered in the locked one (D25).
        state.enrolment.attempts.in_flight.overtake();
        moved(Session { device, generation, state }, Change::Locked(cause))
    }

    /// Opens the open app anew: the session token is another one (D26).
    pub fn reopen(self, opening: Opening) -> Moved<Authenticated> {
        let Self { device, generation, state } = self;
        opening.open(&Session { device, generation, state: () }, state.begun, state.enrolment)
    }

    /// Strong authentication succeeded: starts over (E08).
    pub fn authenticate(self, admission: Admission) -> Moved<PinPending> {
        admission.begin(&self)
    }

    /// The fifth wrong PIN, entered in the open app (D26, E29).
    pub fn exhaust(self) -> Moved<PinExhausted> {
        exhaust(self)
    }

    /// The person logs out from all devices, on this one (R31): only from an open app (D17).
    pub fn log_out_everywhere(self) -> Moved<RevokedAll> {
        revoke(self)
    }

    /// Logged out from all devices by another device or an administrator.
    pub fn revoke(self) -> Moved<RevokedAll> {
        revoke(self)
    }

    /// Logs this device out; PIN and biometric are discarded (R29, D07).
    pub fn log_out(self, cause: LogOutCause) -> Moved<LoggedOut> {
        log_out(self, cause)
    }
}

impl Session<Locked> {
    /// Opens the lock (R11, R27). A right PIN resets the failures, and renews an outdated hash; a
    /// biometric does not touch the PIN's ledger (D05).
    pub fn unlock(self, opening: Opening) -> Moved<Authenticated> {
        let Self { device, generation, state } = self;
        opening.open(&Session { device, generation, state: () }, state.begun, state.enrolment)
    }

    /// Strong authentication succeeded: starts over (E08).
    pub fn authenticate(self, admission: Admission) -> Moved<PinPending> {
        admission.begin(&self)
    }

    /// The fifth wrong PIN: PIN and biometric are wiped in this step (R13, R14).
    pub fn exhaust(self) -> Moved<PinExhausted> {
        exhaust(self)
    }

    /// Logged out from all devices by another device or an administrator.
    pub fn revoke(self) -> Moved<RevokedAll> {
        revoke(self)
    }

    /// Logs this device out.
    pub fn log_out(self, cause: LogOutCause) -> Moved<LoggedOut> {
        log_out(self, cause)
    }
}

impl Session<PinPending> {
    /// Strong authentication succeeded again: starts over (E08).
    pub fn authenticate(self, admission: Admission) -> Moved<PinPending> {
        admission.begin(&self)
    }

    /// Logged out from all devices by another device or an administrator.
    pub fn revoke(self) -> Moved<RevokedAll> {
        revoke(self)
    }

    /// Logs this device out.
    pub fn log_out(self, cause: LogOutCause) -> Moved<LoggedOut> {
        log_out(self, cause)
    }
}

impl Session<PinExhausted> {
    /// "OK": the person has read the message (R15, D06).
    pub fn acknowledge(self) -> Moved<LoggedOut> {
        moved(self.with_state(LoggedOut), Change::Acknowledged)
    }

    /// Logged out from all devices by another device or an administrator.
    pub fn revoke(self) -> Moved<RevokedAll> {
        revoke(self)
    }

    /// Logs this device out.
    pub fn log_out(self, cause: LogOutCause) -> Moved<LoggedOut> {
        log_out(self, cause)
    }
}

impl Session<LoggedOut> {
    /// Logged out from all devices by another device or an administrator.
    pub fn revoke(self) -> Moved<RevokedAll> {
        revoke(self)
    }
}

impl Session<RevokedAll> {
    /// Strong authentication with a valid invitation, at the new generation (R35).
    pub fn authenticate(self, admission: Admission) -> Moved<PinPending> {
        admission.begin(&self)
    }
}

fn exhaust<S>(session: Session<S>) -> Moved<PinExhausted> {
    moved(session.with_state(PinExhausted), Change::PinExhausted)
}

fn revoke<S>(session: Session<S>) -> Moved<RevokedAll> {
    moved(session.with_state(RevokedAll), Change::RevokedAll)
}

fn log_out<S>(session: Session<S>, cause: LogOutCause) -> Moved<LoggedOut> {
    moved(session.with_state(LoggedOut), Change::LoggedOut(cause))
}
