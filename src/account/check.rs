//! The per-request check: is this session live, and may this person do this?

use super::context::{Facts, Moment, Raising};
use super::state::Account;
use crate::access::{self, Request, Rule};
use crate::id::{DeviceId, PersonId};
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::Command;

/// What a request wants.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'a> {
    /// A live session of an eligible person, no more: for the app's own pages.
    Session,
    /// To read or edit something.
    Function(&'a Request),
}

/// A request that may go on. It is good for this request only: facts are evaluated each time (E20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Grant {
    person: PersonId,
    device: DeviceId,
    rule: Option<Rule>,
}

impl Grant {
    /// Who asks.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// From which device session.
    #[must_use]
    pub const fn device(&self) -> DeviceId {
        self.device
    }

    /// The rule that allowed it; `None` where only a session was wanted.
    #[must_use]
    pub const fn rule(&self) -> Option<Rule> {
        self.rule
    }
}

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
        raising: &Raising<'_>,
    ) -> Result<Grant, Refusal> {
        let moment = &raising.moment;
        let id = self.find_session(session)?;
        self.guard_integrity(Some(id), raising.integrity, moment)?;
        self.guard_open(id, moment)?;
        self.guard_eligibility(Some(id), &raising.facts, moment)?;
        let rule = decide(wanted, &raising.facts, moment)?;
        self.note_use(id, moment);
        Ok(Grant { person: self.person, device: id, rule })
    }

    /// A live session whose windows have not passed: what a command needs that does not raise.
    pub(super) fn live_session(
        &mut self,
        session: &SessionToken,
        moment: &Moment<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = self.find_session(session)?;
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
        let id = self.device_in_session(session);
        self.guard_integrity(id, raising.integrity, &raising.moment)?;
        let id = id.ok_or(Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown))?;
        self.guard(id, raising)?;
        self.admits(id, Command::Use)?;
        Ok(id)
    }

    fn find_session(&self, session: &SessionToken) -> Result<DeviceId, Refusal> {
        let dead = Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown);
        self.device_in_session(session).ok_or(dead)
    }

    /// The session is still open after the windows that have passed. With windows set and no
    /// clock, that cannot be told.
    fn guard_open(&mut self, id: DeviceId, moment: &Moment<'_>) -> Result<(), Refusal> {
        if moment.now.is_none() && Self::needs_clock(moment) {
            return Err(RefusalCode::ClockUnavailable.into());
        }
        self.apply_windows(id, moment)?;
        self.admits(id, Command::Use)
    }
}

fn decide(wanted: Wanted<'_>, facts: &Facts<'_>, moment: &Moment<'_>) -> Result<Option<Rule>, Refusal> {
    let Wanted::Function(request) = wanted else {
        return Ok(None);
    };
    let decision = access::decide(facts.person, request, facts.dates, moment.policy.access());
    decision.into_result().map(Some)
}
