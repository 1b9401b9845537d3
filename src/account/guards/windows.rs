//! The windows that pass on the account's timeline.
//!
//! Windows are judged at the next contact, as the first step of every command. Nothing runs in the
//! background.

use alloc::vec::Vec;
use core::time::Duration;

use super::super::state::{Account, Device};
use super::super::words::Context;
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::session::{AnySession, LockCause, LogOutCause};
use crate::time::Moment;

/// What a window does when it has passed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Passed {
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
    pub(in crate::account) fn apply_windows(
        &mut self,
        id: DeviceId,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        let at = self.latest();
        let Some(passed) = self.device(id).and_then(|device| passed(device.session(), at, context)) else {
            return Ok(());
        };
        let (end, refusal) = match passed {
            Passed::PinWindow => (LogOutCause::PinWindowPassed, Cause::PinWindowPassed),
            Passed::Lifetime => (LogOutCause::LifetimePassed, Cause::LifetimePassed),
            Passed::Idle => {
                let _locked = self.step(id, context, |session| session.lock(LockCause::Idle));
                return Ok(());
            }
        };
        self.end(id, context, end);
        Err(Refusal::because(RefusalCode::AuthenticationRequired, refusal))
    }

    /// Applies to every device session the windows that have passed.
    pub(in crate::account) fn apply_all_windows(&mut self, context: &Context<'_>) {
        let devices: Vec<DeviceId> = self.device_sessions().iter().map(Device::id).collect();
        for id in devices {
            let _passed = self.apply_windows(id, context);
        }
    }

    /// Whether sessions depend on a clock, so that they cannot be used without one.
    pub(in crate::account) const fn needs_clock(context: &Context<'_>) -> bool {
        context.policy.idle_window().is_some() || context.policy.absolute_lifetime().is_some()
    }
}

/// The window that has passed at `at`. The outer one comes first: a lifetime that is over logs out
/// even if the idle window would only lock (D22).
fn passed(session: &AnySession, at: Moment, context: &Context<'_>) -> Option<Passed> {
    let policy = context.policy;
    let begun = session.begun()?.at;
    if matches!(session, AnySession::PinPending(_)) {
        return over(begun, at, Some(policy.pin_window())).then_some(Passed::PinWindow);
    }
    if over(begun, at, policy.absolute_lifetime()) {
        return Some(Passed::Lifetime);
    }
    let open = session.authenticated()?;
    over(open.last_use.at, at, policy.idle_window()).then_some(Passed::Idle)
}

fn over(since: Moment, at: Moment, window: Option<Duration>) -> bool {
    window.is_some_and(|window| at.since(since) >= window)
}
