//! The life of an invitation: issued, replaced, expired, used once, withdrawn, voided.

use subtle::ConstantTimeEq;

use super::context::{Facts, Moment};
use super::event::AccountChange;
use super::invitation::Invitation;
use super::policy::ReinvitationScope;
use super::state::{Account, Standing};
use crate::access::Administrator;
use crate::id::InvitationId;
use crate::refusal::{Cause, Refusal, RefusalCode};

/// Whether the next authentication needs an invitation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    None,
    /// A person without bank credentials who was never invited (R02).
    First,
    /// After a log-out from all devices (R33).
    Again,
}

impl Account {
    pub(super) fn needs_invitation(&self, foreign: bool, scope: ReinvitationScope) -> Need {
        let bound = match scope {
            ReinvitationScope::Everyone => true,
            ReinvitationScope::InvitedIdentitiesOnly => self.admitted || foreign,
        };
        if self.standing == Standing::RevokedAll && bound {
            Need::Again
        } else if foreign && !self.admitted {
            Need::First
        } else {
            Need::None
        }
    }

    /// Whether the presented invitation is the open one, and within its time (E16).
    pub(super) fn judge_invitation(
        &mut self,
        presented: Option<InvitationId>,
        moment: &Moment<'_>,
    ) -> Result<(), Cause> {
        let presented = presented.ok_or(Cause::NoInvitationPresented)?;
        let open = self.invitation.ok_or(Cause::InvitationNotCurrent)?;
        if !bool::from(open.id.as_bytes().ct_eq(presented.as_bytes())) {
            return Err(Cause::InvitationNotCurrent);
        }
        // Without a clock nothing that depends on time is granted.
        let at = self.time(moment).map_err(|_| Cause::InvitationExpired)?;
        if at < open.expires {
            return Ok(());
        }
        self.note_expiry(&open, moment);
        Err(Cause::InvitationExpired)
    }

    /// Seen once to be over, an invitation stays over: a clock that runs back does not revive it
    /// (E30). At most one write for an invitation.
    fn note_expiry(&mut self, open: &Invitation, moment: &Moment<'_>) {
        if self.high_water < open.expires {
            self.follow_clock(moment);
            self.changed = true;
        }
    }

    /// A user administrator invites the person (R34). Nobody is signed in by it, and live sessions
    /// of a person who is not revoked stay as they are (E15). `id` is drawn at random.
    ///
    /// # Errors
    /// `NotAuthorised` if the person does not belong to the administrator's company (R36);
    /// `ClockUnavailable`, because an invitation is bounded in time; `AuditTrailFull`.
    pub fn invite(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        moment: &Moment<'_>,
        id: InvitationId,
    ) -> Result<Invitation, Refusal> {
        self.guard_administrator(administrator, facts)?;
        if let Some(own) = self.invitation.filter(|open| open.id == id) {
            return Ok(own);
        }
        self.guard_audit_room(moment)?;
        let expires = self.time(moment)?.plus(moment.policy.invitation_lifetime);
        let by = administrator.person();
        let replaced = self.invitation.is_some();
        let invitation = Invitation { id, by, expires };
        self.invitation = Some(invitation);
        let self_issued = by == self.person;
        let company = administrator.company();
        self.record(moment, AccountChange::Invited { by, company, self_issued, replaced });
        Ok(invitation)
    }

    /// A user administrator withdraws the open invitation.
    ///
    /// # Errors
    /// `NotAuthorised` as for [`invite`](Self::invite); `NoInvitation` if none is open.
    pub fn withdraw_invitation(
        &mut self,
        administrator: &Administrator,
        facts: &Facts<'_>,
        moment: &Moment<'_>,
    ) -> Result<(), Refusal> {
        self.guard_administrator(administrator, facts)?;
        let open = self.invitation.ok_or(RefusalCode::NoInvitation)?;
        if self.time_or_latest(moment) >= open.expires {
            self.note_expiry(&open, moment);
            return Err(Refusal::because(RefusalCode::NoInvitation, Cause::InvitationExpired));
        }
        self.invitation = None;
        let (by, company) = (administrator.person(), administrator.company());
        self.record(moment, AccountChange::InvitationWithdrawn { by, company });
        Ok(())
    }

    /// The administrator acts on this person, who belongs to the administrator's company.
    pub(super) fn guard_administrator(
        &self,
        administrator: &Administrator,
        facts: &Facts<'_>,
    ) -> Result<(), Refusal> {
        match facts.person {
            Some(person) if person.id() == self.person => administrator.over(person, facts.dates),
            _ => Err(Refusal::because(RefusalCode::NotAuthorised, Cause::UnrelatedCompany)),
        }
    }
}
