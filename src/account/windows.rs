//! The windows that pass with the account's own time.
//!
//! Windows are judged at the next contact, as the first step of every command. Nothing runs in the
//! background.

use super::context::Moment;
use super::policy::Policy;
use super::state::Account;
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::{AnySession, LockCause, LogOutCause};
use crate::time::{Span, Timestamp};

/// What a window does when it has passed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Passed {
    PinWindow,
    Lifetime,
    Idle,
}

impl Account {
    /// Applies to one device session the windows that have passed. Without a clock none passes;
    /// what depends on time is then refused by whoever asks for it.
    ///
    /// # Errors
    /// If the session ended by it: the refusal to give to a command that wanted it alive.
    pub(super) fn apply_windows(&mut self, id: DeviceId, moment: &Moment<'_>) -> Result<(), Refusal> {
        let Some(at) = self.believed(moment).map(|believed| believed.at) else {
            return Ok(());
        };
        let Some(passed) = self.device(id).and_then(|device| passed(&device.session, at, moment)) else {
            return Ok(());
        };
        let refusal = |code, cause| Err(Refusal::because(code, cause));
        match passed {
            Passed::PinWindow => {
                self.end(id, moment, LogOutCause::PinWindowPassed);
                refusal(RefusalCode::AuthenticationRequired, Cause::PinWindowPassed)
            }
            Passed::Lifetime => {
                self.end(id, moment, LogOutCause::LifetimePassed);
                refusal(RefusalCode::AuthenticationRequired, Cause::LifetimePassed)
            }
            Passed::Idle => {
                let _locked = self.step(id, moment, |session| session.lock(LockCause::Idle));
                Ok(())
            }
        }
    }

    /// Whether this device's session depends on a clock, so that it cannot be used without one.
    pub(super) const fn needs_clock(moment: &Moment<'_>) -> bool {
        moment.policy.idle_window.is_some() || moment.policy.absolute_lifetime.is_some()
    }

    /// Notes that an open session was used, at most once per tenth of the idle window.
    pub(super) fn note_use(&mut self, id: DeviceId, moment: &Moment<'_>) {
        let (Some(window), Some(believed)) = (moment.policy.idle_window, self.believed(moment)) else {
            return;
        };
        if believed.disbelieved.is_some() && self.guard_audit_room(moment).is_err() {
            // Following this clock is reported each time, and there is no room for the report.
            return;
        }
        let at = believed.at;
        let Some(session) = self.device_mut(id).and_then(|device| device.session.authenticated_mut()) else {
            return;
        };
        if at.since(session.last_use) >= window.tenth() {
            session.last_use = at;
            self.follow_clock(moment);
            self.changed = true;
        }
    }
}

/// The window that has passed at `at`. The outer one comes first: a lifetime that is over logs out
/// even if the idle window would only lock (D22).
fn passed(session: &AnySession, at: Timestamp, moment: &Moment<'_>) -> Option<Passed> {
    let policy = moment.policy;
    match session {
        AnySession::PinPending(session) => {
            let begun = session.state().begun;
            over(begun, at, Some(policy.pin_window)).then_some(Passed::PinWindow)
        }
        AnySession::Authenticated(session) => {
            let state = session.state();
            passed_while_open(state.begun, state.last_use, at, policy)
        }
        AnySession::Locked(session) => {
            let begun = session.state().begun;
            over(begun, at, policy.absolute_lifetime).then_some(Passed::Lifetime)
        }
        AnySession::LoggedOut(_) | AnySession::PinExhausted(_) | AnySession::RevokedAll(_) => None,
    }
}

/// The same for an open session.
pub(super) fn passed_while_open(
    begun: Timestamp,
    last_use: Timestamp,
    at: Timestamp,
    policy: &Policy,
) -> Option<Passed> {
    if over(begun, at, policy.absolute_lifetime) {
        return Some(Passed::Lifetime);
    }
    over(last_use, at, policy.idle_window).then_some(Passed::Idle)
}

fn over(since: Timestamp, at: Timestamp, window: Option<Span>) -> bool {
    window.is_some_and(|window| at.since(since) >= window)
}
