//! Invitations on their way to the person.

use std::sync::Arc;

use pinlatch::account::IssuedInvitation;
use pinlatch::id::PersonId;

use super::Answer;
use super::failed::PartFailed;

/// Sends invitations: by letter, by message, never by way of the administrator.
pub trait SendsInvitations: Send + Sync {
    /// Sends it to the person, and to nobody else. If it fails, the invitation stands, and the next one replaces it.
    fn send(&self, person: PersonId, invitation: IssuedInvitation) -> Answer<'_, Result<(), PartFailed>>;
}

impl<T: SendsInvitations + ?Sized> SendsInvitations for Arc<T> {
    fn send(&self, person: PersonId, invitation: IssuedInvitation) -> Answer<'_, Result<(), PartFailed>> {
        self.as_ref().send(person, invitation)
    }
}
