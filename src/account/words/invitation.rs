//! An open invitation: who issued it, and until when it is good.

use crate::id::PersonId;
use crate::secret::{Digest, InvitationToken};
use crate::time::{Moment, Timestamp};

/// An open invitation, as it is kept: without its secret. The newest replaces older ones (D20).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub(crate) digest: Digest,
    pub(crate) by: PersonId,
    /// From this moment on it is refused.
    pub(crate) until: Moment,
    /// What a clock that is right reads then.
    pub(crate) expires: Timestamp,
}

impl Invitation {
    /// Who issued it.
    #[must_use]
    pub const fn by(&self) -> PersonId {
        self.by
    }

    /// What the clock reads when it ends, if nobody sets the clock meanwhile.
    #[must_use]
    pub const fn expires(&self) -> Timestamp {
        self.expires
    }
}

/// An invitation that was just issued, with its secret.
///
/// With the feature `serde` only what the administrator may see of it is written: `{"expires":…}`.
#[derive(Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct IssuedInvitation {
    /// What the person has to present. Send it to the person, and to nobody else: not to the administrator. It
    /// is [exposed](InvitationToken::expose) by name, and never written along.
    #[cfg_attr(feature = "serde", serde(skip))]
    pub token: InvitationToken,
    /// What the clock reads when it ends, if nobody sets the clock meanwhile.
    pub expires: Timestamp,
}
