//! The aggregate itself.

use alloc::vec::Vec;

use super::super::words::{Event, Invitation, Pending};
use super::device::Device;
use crate::id::{DeviceId, Generation, HistoryId, PersonId, WriteId};
use crate::time::Timestamp;

/// How many of its latest writes a record remembers, so that a command whose answer was lost finds
/// out whether its write landed. With more later writes in between, the command is decided anew,
/// which the rules make safe. Each takes 16 bytes of every record.
pub const WRITES_REMEMBERED: usize = 4;

/// Whether the account is barred by a log-out from all devices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Standing {
    /// Strong authentication opens a device session.
    Good,
    /// Logged out from all devices; the first sign-in after it needs an invitation (R33, D18).
    RevokedAll,
}

/// A person's one mobile identity, across all companies and devices.
#[derive(Debug)]
pub struct Account {
    pub(super) stored: Stored,
    /// The latest time as it was last written: from here a jump of the clock is measured.
    pub(super) written_high_water: Timestamp,
    pub(super) changed: bool,
    /// What was decided since the last stamp: events of the write to come.
    pub(super) pending: Vec<Pending>,
}

/// What is stored of an account. Read by the codec field by field, changed in this room only.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) generation: Generation,
    pub(crate) standing: Standing,
    /// Whether an invitation was ever accepted (R02, D13).
    pub(crate) admitted: bool,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) devices: Vec<Device>,
    /// The latest time this account has seen; its time never runs back (E30).
    pub(crate) high_water: Timestamp,
    pub(crate) next_sequence: u64,
    pub(crate) outbox: Vec<Event>,
    pub(crate) writes: Vec<WriteId>,
    /// The id of the first write; none before it (I11).
    pub(crate) history: Option<HistoryId>,
}

impl Account {
    /// The account of a person who never signed in.
    #[must_use]
    pub const fn new(person: PersonId) -> Self {
        Self::restore(Stored {
            person,
            generation: Generation::from_number(0),
            standing: Standing::Good,
            admitted: false,
            invitation: None,
            devices: Vec::new(),
            high_water: Timestamp::from_unix_millis(0),
            next_sequence: 0,
            outbox: Vec::new(),
            writes: Vec::new(),
            history: None,
        })
    }

    /// An account in place of one whose record cannot be read: barred until a user administrator
    /// re-invites the person, because whether it was barred can no longer be told (E32). Its
    /// generation starts at the present time in milliseconds, above any that was counted up.
    pub(crate) const fn replacing_unreadable(person: PersonId, now: Timestamp) -> Self {
        let mut account = Self::new(person);
        account.stored.standing = Standing::RevokedAll;
        account.stored.generation = Generation::from_number(now.as_unix_millis());
        account
    }

    /// The account in a record that was read.
    pub(crate) const fn restore(stored: Stored) -> Self {
        let written_high_water = stored.high_water;
        Self { stored, written_high_water, changed: false, pending: Vec::new() }
    }

    pub(crate) const fn stored(&self) -> &Stored {
        &self.stored
    }

    /// Whose account.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.stored.person
    }

    /// The counter that a log-out from all devices raises.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.stored.generation
    }

    /// Whether the account is barred.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.stored.standing
    }

    /// The open invitation, expired or not.
    #[must_use]
    pub const fn invitation(&self) -> Option<&Invitation> {
        self.stored.invitation.as_ref()
    }

    /// The device sessions.
    #[must_use]
    pub fn device_sessions(&self) -> &[Device] {
        &self.stored.devices
    }

    /// The device session with this id.
    #[must_use]
    pub fn device(&self, id: DeviceId) -> Option<&Device> {
        self.stored.devices.iter().find(|device| device.id == id)
    }

    /// The events of written, or stamped, changes that wait for the journal, oldest first. What was
    /// decided since is not among them: it gets its identity with its write.
    #[must_use]
    pub fn outbox(&self) -> &[Event] {
        &self.stored.outbox
    }

    /// Whether the last call changed the account, so that it has to be written.
    #[must_use]
    pub const fn is_changed(&self) -> bool {
        self.changed
    }

    /// Whether this write is among the latest [`WRITES_REMEMBERED`].
    #[must_use]
    pub fn has_written(&self, write: WriteId) -> bool {
        self.stored.writes.contains(&write)
    }
}
