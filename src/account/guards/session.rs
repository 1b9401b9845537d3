//! The check of a session: the one place that says whether a session token is good.

use super::super::state::Account;
use super::super::words::{Context, Facts};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::SessionToken;
use crate::session::Command;

impl Account {
    /// The device whose app this token keeps open, after the windows that have passed.
    ///
    /// # Errors
    /// `SessionRequired` if the token is of no live session; the refusal of a window that has
    /// passed; `Locked` if that was the idle one.
    pub(in crate::account) fn open_session(
        &mut self,
        token: &SessionToken,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        self.open_device(self.device_in_session(token), context)
    }

    /// The same for whatever uses the session: the device unmodified, and wiped if it was (R04, E14), the clock
    /// there where windows need it, the person eligible, and without a gap since the session began (E19, E23).
    pub(in crate::account) fn open_session_to_use(
        &mut self,
        token: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        let id = self.device_in_session(token);
        if id.is_some() {
            self.guard_integrity(id, context)?;
            if context.reading().is_none() && Self::needs_clock(context) {
                return Err(RefusalCode::ClockUnavailable.into());
            }
        }
        let id = self.open_device(id, context)?;
        self.guard_eligibility(facts, context)?;
        self.guard_no_gap(id)?;
        Ok(id)
    }

    /// The same, for a device already looked up.
    pub(in crate::account) fn open_device(
        &mut self,
        id: Option<DeviceId>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        let id = id.ok_or(TOKEN_DEAD)?;
        self.note_contact(id);
        self.apply_windows(id, context)?;
        self.admits(id, Command::Use)?;
        Ok(id)
    }

    /// The same for a command that raises privilege: past every guard, then open.
    pub(in crate::account) fn open_session_to_raise(
        &mut self,
        token: &SessionToken,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        let id = self.device_in_session(token);
        self.guard_integrity(id, context)?;
        let id = id.ok_or(TOKEN_DEAD)?;
        self.note_contact(id);
        self.guard(id, facts, context)?;
        self.admits(id, Command::Use)?;
        Ok(id)
    }
}

const TOKEN_DEAD: Refusal = Refusal::because(RefusalCode::SessionRequired, Cause::TokenUnknown);
