//! An open invitation: who issued it, and until when it is good.

use crate::id::{InvitationId, PersonId};
use crate::time::Timestamp;

/// An open invitation. The newest replaces older ones (D20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub(crate) id: InvitationId,
    pub(crate) by: PersonId,
    pub(crate) expires: Timestamp,
}

impl Invitation {
    /// What the person has to present. Send it to the person, not to the administrator.
    #[must_use]
    pub const fn id(&self) -> InvitationId {
        self.id
    }

    /// Who issued it.
    #[must_use]
    pub const fn by(&self) -> PersonId {
        self.by
    }

    /// From this instant on it is refused.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }
}
