//! The open invitation: issued, used up, withdrawn, seen to be over.

use alloc::vec::Vec;

use super::super::words::{Context, Invitation, Standing};
use super::account::Account;
use crate::id::{CompanyId, PersonId};
use crate::session::Change;

impl Account {
    /// The newest invitation replaces an older one (D20).
    pub(in crate::account) fn issue(
        &mut self,
        invitation: Invitation,
        company: CompanyId,
        context: &Context<'_>,
    ) {
        let by = invitation.by();
        let replaced = self.stored.invitation.replace(invitation).is_some();
        let self_issued = by == self.stored.person;
        self.record(context, None, Change::Invited { by, company, self_issued, replaced });
    }

    pub(in crate::account) fn withdraw(&mut self, by: PersonId, company: CompanyId, context: &Context<'_>) {
        self.stored.invitation = None;
        self.record(context, None, Change::InvitationWithdrawn { by, company });
    }

    /// Seen once to be over, an invitation is gone: no other clock revives it (E30).
    pub(in crate::account) fn drop_expired_invitation(&mut self) {
        self.stored.invitation = None;
        self.changed = true;
    }

    /// What is left of an erased account begins here: nothing that was begun before counts (D34).
    pub(in crate::account) fn bury(&mut self, change: Change, context: &Context<'_>) {
        self.stored.invitation = None;
        self.stored.ended = Vec::new();
        self.void_what_was_begun(context);
        self.record(context, None, change);
    }

    /// A strong authentication passed every guard: an invitation that it needed is used up, and the
    /// bar, if there was one, is lifted (D18).
    pub(in crate::account) const fn admit(&mut self, by_invitation: bool) {
        if by_invitation {
            self.stored.invitation = None;
            self.stored.admitted = true;
        }
        self.stored.signed_in = true;
        self.stored.standing = Standing::Good;
        self.changed = true;
    }

    /// Whether the person was ever signed in.
    pub(in crate::account) const fn was_signed_in(&self) -> bool {
        self.stored.signed_in
    }

    /// Whether an invitation was ever accepted.
    pub(in crate::account) const fn was_admitted(&self) -> bool {
        self.stored.admitted
    }
}
