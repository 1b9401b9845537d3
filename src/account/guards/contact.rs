//! A device makes contact: it proves itself, then the guards look at it in their fixed order.

use super::super::state::{Account, Device};
use super::super::words::{Context, DeviceIntegrity, Facts};
use crate::id::DeviceId;
use crate::refusal::{Cause, Refusal, RefusalCode};
use crate::secret::DeviceToken;
use crate::session::{self, Command, SessionState};

impl Account {
    /// What a command that lowers privilege, or only looks, needs: the device proves itself, and
    /// passed windows are applied. It fails on no guard.
    ///
    /// # Errors
    /// `AuthenticationRequired` if the token fits no device, as for an unknown account.
    pub(in crate::account) fn contact(
        &mut self,
        token: &DeviceToken,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        let id = self.device_of(token).ok_or(TOKEN_UNKNOWN)?;
        self.note_contact(id);
        self.apply_windows(id, context)?;
        Ok(id)
    }

    /// The device of a command that raises privilege, past every guard, in a state that admits the
    /// command. The device's own integrity is looked at even before its token, so a modified one is
    /// told so in whatever state it is (R03).
    pub(in crate::account) fn contact_to_raise(
        &mut self,
        token: &DeviceToken,
        command: Command,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<DeviceId, Refusal> {
        self.arrive(context);
        let id = self.device_of(token);
        self.guard_integrity(id, context)?;
        let id = id.ok_or(TOKEN_UNKNOWN)?;
        self.note_contact(id);
        self.guard(id, facts, context)?;
        self.admits(id, command)?;
        Ok(id)
    }

    /// The guards of every command that raises privilege, for a device that has proved itself.
    pub(in crate::account) fn guard(
        &mut self,
        id: DeviceId,
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Refusal> {
        self.guard_integrity(Some(id), context)?;
        if context.request.integrity == DeviceIntegrity::Unknown {
            return Err(RefusalCode::DeviceIntegrityUnknown.into());
        }
        self.apply_windows(id, context)?;
        self.guard_generation(id, context)?;
        self.guard_eligibility(facts, context)?;
        self.guard_no_gap(id)?;
        self.guard_audit_room(context)?;
        self.now(context).map(|_| ())
    }

    /// Nothing older than the account's generation is served, whatever its row says (E12). Where no
    /// invitation is needed, or none any more, such a device is told to authenticate (D13, E35).
    fn guard_generation(&self, id: DeviceId, context: &Context<'_>) -> Result<(), Refusal> {
        let session = self.device(id).map(Device::session);
        let current = session.is_some_and(|session| {
            session.state() != SessionState::RevokedAll && self.serves(session.generation())
        });
        if current {
            return Ok(());
        }
        let is_barred = self.is_barred(context);
        let code =
            if is_barred { RefusalCode::ReinvitationRequired } else { RefusalCode::AuthenticationRequired };
        Err(code.into())
    }

    /// Whether the table lets the command through in the state that the device is in.
    pub(in crate::account) fn admits(&self, id: DeviceId, command: Command) -> Result<(), Refusal> {
        let device = self.device(id).ok_or(RefusalCode::UnknownDevice)?;
        session::admits(self.state_of(device), command)
    }
}

const TOKEN_UNKNOWN: Refusal = Refusal::because(RefusalCode::AuthenticationRequired, Cause::TokenUnknown);
