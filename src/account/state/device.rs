//! One row of the account's device table.

use super::super::words::{DeviceLabel, LastOpened};
use crate::id::DeviceId;
use crate::secret::Digest;
use crate::session::AnySession;
use crate::time::{Moment, Timestamp};

/// A device session in the table. A device that logs out leaves the table: nothing of it remains but, for a
/// while, the digest of its dead token and why it ended.
#[derive(Debug)]
pub struct Device {
    pub(crate) id: DeviceId,
    pub(crate) label: DeviceLabel,
    /// As the clock read.
    pub(crate) created: Timestamp,
    /// When it was last opened or seen in use.
    pub(crate) last_used: Moment,
    pub(crate) last_opened: Option<LastOpened>,
    pub(crate) token: Digest,
    pub(crate) session: AnySession,
}

impl Device {
    /// Which device session.
    #[must_use]
    pub const fn id(&self) -> DeviceId {
        self.id
    }

    /// What the person calls it.
    #[must_use]
    pub const fn label(&self) -> &DeviceLabel {
        &self.label
    }

    /// When it authenticated, as the clock read then.
    #[must_use]
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// When and by what it was last opened, if ever.
    #[must_use]
    pub const fn last_opened(&self) -> Option<LastOpened> {
        self.last_opened
    }

    /// Its session.
    #[must_use]
    pub const fn session(&self) -> &AnySession {
        &self.session
    }
}
