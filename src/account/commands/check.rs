//! The per-request check: is this session live, and may this person do this?

use core::time::Duration;

use super::super::state::Account;
use super::super::words::{Context, Facts, Grant, Wanted};
use crate::access::{self, Channel};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::{DeviceToken, SessionToken};
use crate::session::OpenedBy;

impl Account {
    /// Checks one request. Writes nothing, but for a session that ends by it, a clock that was set back, and
    /// now and then the last use.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; `UnsupportedDevice`, and the device is
    /// wiped, if it was modified (R04, E14); the refusal of a window that has passed, of the
    /// person's eligibility, or of the permission; `StepUpRequired`.
    pub fn check(
        &mut self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Grant, Refusal> {
        let id = self.open_session_to_use(session, facts, context)?;
        if let Some(span) = wanted.by_pin_within {
            self.guard_step_up(id, span, context)?;
        }
        let rule = match wanted.function {
            None => None,
            Some(request) => {
                let policy = context.policy.access();
                // R36: whoever has a session of the app asks from the app.
                let app = Channel::MobileApp;
                let decision = access::decide(facts.person, app, request, facts.owner, facts.dates, policy);
                Some(decision.into_result()?)
            }
        };
        self.note_use_if_due(id, context);
        Ok(Grant::new(self.person(), id, rule))
    }

    /// Whether both tokens are of one device session, which is open.
    ///
    /// # Errors
    /// `SessionRequired` if the session's token is of no live session, or of another device's; the refusal of a
    /// window that has passed.
    pub fn check_same_device(
        &mut self,
        device: &DeviceToken,
        session: &SessionToken,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.arrive(context);
        let asked = self.device_of(device);
        // Another device's session is none here, and is not judged here either.
        let open = self.device_in_session(session).filter(|open| asked == Some(*open));
        self.open_device(open, context).map(|_| ())
    }

    /// The session was last opened by PIN, or by creating it, no longer ago than `span` (D26).
    fn guard_step_up(&self, id: DeviceId, span: Duration, context: &Context<'_>) -> Result<(), Refusal> {
        let refused = |cause| Err(Refusal::because(RefusalCode::StepUpRequired, cause));
        let now = self.now(context)?;
        let open = self.device(id).and_then(|device| device.session().authenticated());
        match open {
            Some(open) if open.opened_by != OpenedBy::Pin => refused(Cause::NotOpenedByPin),
            Some(open) if now.at.since(open.opened.at) <= span => Ok(()),
            _ => refused(Cause::PinTooLongAgo),
        }
    }

    /// Notes that an open session was used, at most once in a tenth of the idle window where there is one,
    /// else once a day (D33).
    fn note_use_if_due(&mut self, id: DeviceId, context: &Context<'_>) {
        let Ok(now) = self.now(context) else {
            return;
        };
        let open = self.device(id).and_then(|device| device.session().authenticated());
        let Some(unused) = open.map(|open| now.at.since(open.last_use.at)) else {
            return;
        };
        let is_due = match context.policy.idle_window() {
            Some(window) => unused.saturating_mul(10) >= window,
            None => unused >= A_DAY,
        };
        if is_due {
            self.note_use(id, now);
        }
    }
}

const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
