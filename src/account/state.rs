//! The aggregate itself.

use alloc::vec::Vec;
use core::mem;

use super::believed::Believed;
use super::context::Moment;
use super::device::Device;
use super::event::{AccountChange, Event, EventKind};
use super::invitation::Invitation;
use crate::id::{DeviceId, Generation, PersonId, WriteId};
use crate::refusal::{Refusal, RefusalCode};
use crate::session::{AnySession, Change, LogOutCause, Session, SessionState, Step};
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
    pub(crate) person: PersonId,
    pub(crate) generation: Generation,
    pub(crate) standing: Standing,
    /// Whether an invitation was ever accepted (R02, D13).
    pub(crate) admitted: bool,
    pub(crate) invitation: Option<Invitation>,
    pub(crate) devices: Vec<Device>,
    /// The latest time this account has seen; its time never runs back (E30).
    pub(crate) high_water: Timestamp,
    /// The same as it was last written: from here a jump of the clock is measured.
    pub(crate) written_high_water: Timestamp,
    pub(crate) next_sequence: u64,
    pub(crate) outbox: Vec<Event>,
    pub(crate) writes: Vec<WriteId>,
    pub(crate) changed: bool,
}

impl Account {
    /// The account of a person who never signed in.
    #[must_use]
    pub const fn new(person: PersonId) -> Self {
        Self {
            person,
            generation: Generation::from_number(0),
            standing: Standing::Good,
            admitted: false,
            invitation: None,
            devices: Vec::new(),
            high_water: Timestamp::from_unix_millis(0),
            written_high_water: Timestamp::from_unix_millis(0),
            next_sequence: 0,
            outbox: Vec::new(),
            writes: Vec::new(),
            changed: false,
        }
    }

    /// An account in place of one whose record cannot be read: barred until a user administrator
    /// re-invites the person, because whether it was barred can no longer be told (E32). Its
    /// generation starts at the present time in milliseconds, above any that was counted up.
    pub(crate) const fn replacing_unreadable(person: PersonId, now: Timestamp) -> Self {
        let mut account = Self::new(person);
        account.standing = Standing::RevokedAll;
        account.generation = Generation::from_number(now.as_unix_millis());
        account.next_sequence = now.as_unix_millis();
        account
    }

    /// Whose account.
    #[must_use]
    pub const fn person(&self) -> PersonId {
        self.person
    }

    /// The counter that a log-out from all devices raises.
    #[must_use]
    pub const fn generation(&self) -> Generation {
        self.generation
    }

    /// Whether the account is barred.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// The open invitation, expired or not.
    #[must_use]
    pub const fn invitation(&self) -> Option<&Invitation> {
        self.invitation.as_ref()
    }

    /// The device sessions.
    #[must_use]
    pub fn device_sessions(&self) -> &[Device] {
        &self.devices
    }

    /// Whether the last call changed the account, so that it has to be written.
    #[must_use]
    pub const fn is_changed(&self) -> bool {
        self.changed
    }

    /// The events that wait for the journal, oldest first.
    #[must_use]
    pub fn outbox(&self) -> &[Event] {
        &self.outbox
    }

    /// Forgets the events up to this sequence number, because the journal has them.
    pub fn delivered_through(&mut self, sequence: u64) {
        self.outbox.retain(|event| event.sequence > sequence);
    }

    /// Marks the account as about to be written, under an id by which the write recognises itself.
    pub fn stamp(&mut self, write: WriteId) {
        if self.writes.len() >= WRITES_REMEMBERED {
            self.writes.drain(..=self.writes.len().saturating_sub(WRITES_REMEMBERED));
        }
        self.writes.push(write);
        self.written_high_water = self.high_water;
        self.changed = false;
    }

    /// Whether this write is among the latest [`WRITES_REMEMBERED`].
    #[must_use]
    pub fn has_written(&self, write: WriteId) -> bool {
        self.writes.contains(&write)
    }

    /// The device session with this id.
    #[must_use]
    pub fn device(&self, id: DeviceId) -> Option<&Device> {
        self.devices.iter().find(|device| device.id == id)
    }

    pub(super) fn device_mut(&mut self, id: DeviceId) -> Option<&mut Device> {
        self.devices.iter_mut().find(|device| device.id == id)
    }

    /// The clock as far as this account believes it; `None` if it does not know the time.
    pub(super) fn believed(&self, moment: &Moment<'_>) -> Option<Believed> {
        Believed::of(moment, self.high_water, self.written_high_water)
    }

    /// The account's own time for a command that needs one.
    pub(super) fn time(&self, moment: &Moment<'_>) -> Result<Timestamp, Refusal> {
        self.believed(moment).map(|believed| believed.at).ok_or(RefusalCode::ClockUnavailable.into())
    }

    /// The account's own time for a command that must not fail for want of a clock.
    pub(super) fn time_or_latest(&self, moment: &Moment<'_>) -> Timestamp {
        self.believed(moment).map_or(self.high_water, |believed| believed.at)
    }

    /// Records something about the whole account.
    pub(super) fn record(&mut self, moment: &Moment<'_>, change: AccountChange) {
        self.emit(moment, EventKind::Account(change));
    }

    /// Applies a transition to one device session: the only way a session of the table moves. A
    /// session that ends up logged out leaves the table.
    pub(super) fn step(
        &mut self,
        id: DeviceId,
        moment: &Moment<'_>,
        transition: impl FnOnce(AnySession) -> Step,
    ) -> Result<Option<Change>, Refusal> {
        let generation = self.generation;
        let Some(device) = self.device_mut(id) else {
            return Err(RefusalCode::UnknownDevice.into());
        };
        let vacant = AnySession::LoggedOut(Session::new(id, generation));
        let Step { session, outcome } = transition(mem::replace(&mut device.session, vacant));
        device.session = session;
        let gone = device.session.state() == SessionState::LoggedOut;
        if let Ok(Some(change)) = outcome {
            self.emit(moment, EventKind::Device(id, change));
        }
        if gone {
            self.devices.retain(|device| device.id != id);
        }
        outcome
    }

    /// Logs a device session out, from whatever state; never fails.
    pub(super) fn end(&mut self, id: DeviceId, moment: &Moment<'_>, cause: LogOutCause) {
        let _unchanged_or_done = self.step(id, moment, |session| session.log_out(cause));
    }

    fn emit(&mut self, moment: &Moment<'_>, kind: EventKind) {
        self.follow_clock(moment);
        self.push(kind);
    }

    /// Moves the account's time on to what it believes of the clock. A jump that is not believed in
    /// full is reported, once in a write (E30).
    pub(super) fn follow_clock(&mut self, moment: &Moment<'_>) {
        let Some(Believed { at, disbelieved }) = self.believed(moment) else {
            return;
        };
        let moves = self.high_water < at;
        self.high_water = at;
        if let Some(disbelieved) = disbelieved.filter(|_| moves) {
            self.push(EventKind::Account(AccountChange::ClockJumpBounded { disbelieved }));
        }
    }

    fn push(&mut self, kind: EventKind) {
        let event = Event { person: self.person, sequence: self.next_sequence, at: self.high_water, kind };
        self.next_sequence = self.next_sequence.saturating_add(1);
        self.outbox.push(event);
        self.changed = true;
    }
}
