//! The per-request check: is this session live, and may this person do this?

use super::context::{Facts, Moment, Raising};
use super::device::Device;
use super::grant::{Grant, Wanted};
use super::open_session::Allowed;
use super::state::Account;
use crate::access::{self, Rule};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::Command;

impl Account {
    /// Checks one request. Writes nothing, but for a session that ends by it, and the last use if
    /// an idle window is set. [`check_stored`](Self::check_stored) answers the usual case from the
    /// stored bytes, in half the time.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; `UnsupportedDevice`, and the device is
    /// wiped, if it was modified (R04, E14); the refusal of a window that has passed, of the
    /// person's eligibility, or of the permission.
    pub fn check(
        &mut self,
        session: &SessionToken,
        wanted: Wanted<'_>,
        raising: &Raising<'_>,
    ) -> Result<Grant, Refusal> {
        let dead = Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown);
        let open = self.device_in_session(session).and_then(|device| self.open(device)).ok_or(dead)?;
        if let Some(Allowed(rule)) = open.allows(wanted, raising) {
            return Ok(Grant::new(*open.person, *open.device, rule));
        }
        let device = *open.device;
        self.check_in_full(device, wanted, raising)
    }

    /// Guard by guard: something refuses, or is to be written.
    #[cold]
    fn check_in_full(
        &mut self,
        id: DeviceId,
        wanted: Wanted<'_>,
        raising: &Raising<'_>,
    ) -> Result<Grant, Refusal> {
        let moment = &raising.moment;
        self.guard_integrity(Some(id), raising.integrity, moment)?;
        if moment.now.is_none() && Self::needs_clock(moment) {
            return Err(RefusalCode::ClockUnavailable.into());
        }
        self.apply_windows(id, moment)?;
        self.admits(id, Command::Use)?;
        self.guard_eligibility(Some(id), &raising.facts, moment)?;
        let rule = decide(wanted, &raising.facts, moment)?;
        self.note_use(id, moment);
        Ok(Grant::new(self.person, id, rule))
    }

    /// A live session whose windows have not passed: what a command needs that does not raise.
    pub(super) fn live_session(
        &mut self,
        session: &SessionToken,
        moment: &Moment<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = self.device_in_session(session).map(Device::id);
        let id = id.ok_or(Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown))?;
        self.apply_windows(id, moment)?;
        self.admits(id, Command::Use)?;
        Ok(id)
    }

    /// A live session, past every guard of a command that raises.
    pub(super) fn open_session(
        &mut self,
        session: &SessionToken,
        raising: &Raising<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = self.device_in_session(session).map(Device::id);
        self.guard_integrity(id, raising.integrity, &raising.moment)?;
        let id = id.ok_or(Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown))?;
        self.guard(id, raising)?;
        self.admits(id, Command::Use)?;
        Ok(id)
    }
}

fn decide(wanted: Wanted<'_>, facts: &Facts<'_>, moment: &Moment<'_>) -> Result<Option<Rule>, Refusal> {
    let Wanted::Function(request) = wanted else {
        return Ok(None);
    };
    let decision = access::decide(facts.person, request, facts.dates, moment.policy.access());
    decision.into_result().map(Some)
}
