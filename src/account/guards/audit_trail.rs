//! Room in the audit trail.

use super::super::state::Account;
use super::super::words::Context;
use crate::refusal::{Refusal, RefusalCode};

impl Account {
    /// With the outbox full nothing is raised, so that it cannot grow without bound; each device
    /// can only be lowered a few times more.
    pub(in crate::account) fn guard_audit_room(&self, context: &Context<'_>) -> Result<(), Refusal> {
        if self.events_waiting() >= context.policy.outbox_limit() {
            return Err(RefusalCode::AuditTrailFull.into());
        }
        Ok(())
    }
}
