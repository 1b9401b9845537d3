//! The aggregate itself.

use alloc::vec::Vec;
use core::fmt;

use super::super::words::{Event, Invitation, Pending, Standing};
use super::device::Device;
use super::ended_session::EndedSession;
use super::used_starts::Starts;
use crate::id::{DeviceId, Generation, HistoryId, PersonId, WriteId};
use crate::time::Timeline;

/// How many of its latest writes a record remembers, so that a command whose answer was lost finds
/// out whether its write landed. With more later writes in between, the command is decided anew,
/// which the rules make safe. Each takes 16 bytes of every record.
pub const WRITES_REMEMBERED: usize = 4;

/// A write, by its id and by a checksum of what it made of the account.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct RememberedWrite {
    pub(crate) id: WriteId,
    pub(crate) checksum: u32,
}

impl fmt::Debug for RememberedWrite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RememberedWrite({:?})", self.id)
    }
}

/// A person's one mobile identity, across all companies and devices.
#[derive(Debug)]
pub struct Account {
    pub(super) stored: Stored,
    pub(super) changed: bool,
    /// It stands in for a record that is damaged, and is not written yet.
    pub(super) replaces: bool,
    /// The device that makes contact in this command, once it has proved itself: the next step that a
    /// refusal names is its.
    pub(super) asks: Option<DeviceId>,
    /// What was decided since the last stamp: events of the write to come.
    pub(super) pending: Vec<Pending>,
}

/// What is stored of an account. Read by the codec field by field, changed in this room only.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) person: PersonId,
    pub(crate) generation: Generation,
    pub(crate) standing: Standing,
    /// Whether an invitation was ever accepted (D13).
    pub(crate) admitted: bool,
    /// Whether the person was ever signed in: that counts as invited (R02).
    pub(crate) signed_in: bool,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) devices: Vec<Device>,
    /// Those that ended last, the eldest first.
    pub(crate) ended: Vec<EndedSession>,
    /// What happened to time (D23).
    pub(crate) timeline: Timeline,
    /// Which starts have made a device session (D34).
    pub(crate) starts: Starts,
    pub(crate) next_sequence: u64,
    pub(crate) outbox: Vec<Event>,
    /// The latest writes, the eldest first.
    pub(crate) writes: Vec<RememberedWrite>,
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
            signed_in: false,
            invitation: None,
            devices: Vec::new(),
            ended: Vec::new(),
            timeline: Timeline::NEW,
            starts: Starts::NEW,
            next_sequence: 0,
            outbox: Vec::new(),
            writes: Vec::new(),
            history: None,
        })
    }

    /// An account in place of one whose record is damaged: barred until a user administrator
    /// re-invites the person, because whether it was barred can no longer be told (E32); or about to be
    /// barred, if the command does that itself.
    ///
    /// Nobody knows what was counted before, and there may be no clock to go by: generation and
    /// sequence go on from a number drawn at random, above any that was counted up and below 2^53, which
    /// every JSON reader keeps. So nothing that was begun before this damage, or an earlier one, fits the
    /// account (E13), and no event is taken for an older one (I11).
    pub(crate) const fn replacing_unreadable(person: PersonId, drawn: [u8; 8], standing: Standing) -> Self {
        let drawn = 1 << 52 | u64::from_le_bytes(drawn) >> 12;
        let mut account = Self::new(person);
        account.stored.standing = standing;
        account.stored.generation = Generation::from_number(drawn);
        account.stored.next_sequence = drawn;
        account.replaces = true;
        account
    }

    /// The account in a record that was read.
    pub(crate) const fn restore(stored: Stored) -> Self {
        Self { stored, changed: false, replaces: false, asks: None, pending: Vec::new() }
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

    /// Whether it stands in for a record that is damaged.
    pub(in crate::account) const fn is_replacement(&self) -> bool {
        self.replaces
    }

    /// Whether this write of this content is among the latest: one of another content under the same id was
    /// somebody else's, whose random source repeats itself (E39).
    pub(crate) fn has_written_so(&self, write: RememberedWrite) -> bool {
        self.stored.writes.contains(&write)
    }

    /// Whether this write is among the latest [`WRITES_REMEMBERED`].
    #[must_use]
    pub fn has_written(&self, write: WriteId) -> bool {
        self.stored.writes.iter().any(|known| known.id == write)
    }
}
