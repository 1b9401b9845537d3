//! Whether the next authentication needs an invitation, and whether the presented one is good.

use subtle::ConstantTimeEq;

use super::super::state::Account;
use super::super::words::{ReinvitationScope, Standing};
use crate::refusal::Cause;
use crate::secret::InvitationToken;

/// Whether the next authentication needs an invitation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::account) enum Need {
    None,
    /// A person without bank credentials who was never invited (R02).
    First,
    /// After a log-out from all devices (R33).
    Again,
}

impl Account {
    pub(in crate::account) fn needs_invitation(&self, foreign: bool, scope: ReinvitationScope) -> Need {
        let bound = match scope {
            ReinvitationScope::Everyone => true,
            ReinvitationScope::InvitedIdentitiesOnly => self.was_admitted() || foreign,
        };
        if self.standing() == Standing::RevokedAll && bound {
            Need::Again
        } else if foreign && !self.was_signed_in() {
            Need::First
        } else {
            Need::None
        }
    }

    /// Whether the presented invitation is the open one, and within its time (E16). Without a clock that is
    /// as far as it was known last; what needs a clock is refused for want of one, and not for want of an
    /// invitation (I14).
    pub(in crate::account) fn judge_invitation(
        &mut self,
        presented: Option<&InvitationToken>,
    ) -> Result<(), Cause> {
        let presented = presented.ok_or(Cause::NoInvitationPresented)?;
        let open = *self.invitation().ok_or(Cause::InvitationNotCurrent)?;
        if !bool::from(open.digest.ct_eq(&presented.digest())) {
            return Err(Cause::InvitationNotCurrent);
        }
        if self.latest() >= open.until {
            self.drop_expired_invitation();
            return Err(Cause::InvitationExpired);
        }
        Ok(())
    }
}
