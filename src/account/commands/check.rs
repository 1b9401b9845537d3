//! The per-request check: is this session live, and may this person do this?

use super::super::state::Account;
use super::super::words::{Context, Facts, Grant, Wanted};
use crate::access::{self, Channel};
use crate::id::DeviceId;
use crate::refusal::{Refusal, RefusalCode};
use crate::secret::SessionToken;

impl Account {
    /// Checks one request. Writes nothing, but for a session that ends by it, and the last use if
    /// an idle window is set.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; `UnsupportedDevice`, and the device is
    /// wiped, if it was modified (R04, E14); the refusal of a window that has passed, of the
    /// person's eligibility, or of the permission.
    pub fn check(
        &mut self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<Grant, Refusal> {
        let id = self.device_in_session(session);
        if id.is_some() {
            self.guard_integrity(id, context)?;
            if context.now.is_none() && Self::needs_clock(context) {
                return Err(RefusalCode::ClockUnavailable.into());
            }
        }
        let id = self.open_device(id, context)?;
        self.guard_eligibility(Some(id), facts, context)?;
        let rule = match wanted {
            Wanted::Session => None,
            Wanted::Function(request) => {
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

    /// Notes that an open session was used, at most once per tenth of the idle window.
    fn note_use_if_due(&mut self, id: DeviceId, context: &Context<'_>) {
        let (Some(window), Some(believed)) = (context.policy.idle_window(), self.believed(context)) else {
            return;
        };
        if believed.beyond.is_some() && self.guard_audit_room(context).is_err() {
            // Following this clock is reported each time, and there is no room for the report.
            return;
        }
        let open = self.device(id).and_then(|device| device.session().authenticated());
        if open.is_some_and(|open| believed.at.since(open.last_use).saturating_mul(10) >= window) {
            self.note_use(id, believed.at, context);
        }
    }
}
