//! One record under one key, written by compare-and-swap. Any engine with a conditional write on
//! one key can carry it.

use alloc::vec::Vec;
use core::fmt;

use data_encoding::HEXLOWER;

use crate::account::Event;
use crate::id::PersonId;

const TEXT_BYTES: usize = 34;

/// The key of a record: 34 ASCII characters, `a-` or `p-` and 32 lowercase hexadecimal digits. No
/// collation can fold two of them into one, and none needs escaping. Never cut it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; TEXT_BYTES]);

impl Key {
    /// Under which a person's account is stored.
    #[must_use]
    pub fn account(person: PersonId) -> Self {
        Self::new(*b"a-", person)
    }

    /// Under which a person's facts are stored, for hosts that keep them in a store of ours.
    #[must_use]
    pub fn person(person: PersonId) -> Self {
        Self::new(*b"p-", person)
    }

    fn new(before: [u8; 2], person: PersonId) -> Self {
        let mut text = [0; TEXT_BYTES];
        let (prefix, digits) = text.split_at_mut(2);
        prefix.copy_from_slice(&before);
        HEXLOWER.encode_mut(person.as_bytes(), digits);
        Self(text)
    }

    /// Reads a key back from its text, as a scan of a store finds it; `None` if it is none of ours.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let key = Self(text.as_bytes().try_into().ok()?);
        let is_ours = key == Self::account(key.owner()) || key == Self::person(key.owner());
        is_ours.then_some(key)
    }

    /// Whose record it is.
    #[must_use]
    pub fn owner(&self) -> PersonId {
        let mut person = [0; 16];
        let (_, digits) = self.0.split_at(2);
        let _all_of_them = HEXLOWER.decode_mut(digits, &mut person);
        PersonId::from_bytes(person)
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.as_str();
        write!(f, "Key(…{})", text.get(TEXT_BYTES.saturating_sub(4)..).unwrap_or_default())
    }
}

/// Which write of a record this is. Versions are compared for equality only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Version(u64);

impl Version {
    /// The version with this number: a revision, a sequence, a row version.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

/// A record as it was loaded.
#[derive(Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The bytes, exactly as they were written.
    pub bytes: Vec<u8>,
    /// Their version.
    pub version: Version,
}

impl fmt::Debug for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Loaded({} bytes, {:?})", self.bytes.len(), self.version)
    }
}

/// What the caller expects to find. There is no "whatever is there".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// No record under this key.
    Absent,
    /// The record of this version.
    At(Version),
}

/// The answer to a compare-and-swap. An `Err` beside it means: **surely nothing was written**.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Swap {
    /// Written and durable, with this new version.
    Applied(Version),
    /// Something else was found than expected; this call wrote nothing. (A client that retries by
    /// itself may answer so although its first try was applied: the gate looks for its own write.)
    Conflict,
    /// The reply was lost, or timed out: written, or not, or later. A command gives up after four of
    /// these, so bound the wait by a time-out of the server's, shorter than the client's.
    Unknown,
}

/// Keeps records.
pub trait Store: Send + Sync {
    /// Why the store could not be asked.
    type Error: core::error::Error + Send + Sync + 'static;

    /// The record under this key, or `None` if there is surely none.
    ///
    /// Dangerous: `None` for a record that exists but could not be read (it reads as an account
    /// that never signed in); another key's record; bytes changed by an encoding. A stale record is
    /// safe before a swap, which then conflicts, but **not for a session check**: read where a
    /// finished write is visible, never from a lagging replica.
    ///
    /// Answer what is there, to the byte, even if it is damaged: the record has a checksum, and
    /// [`record`](crate::record) says what each command does with one that cannot be used.
    ///
    /// # Errors
    /// The store could not be asked.
    fn load(&self, key: &Key) -> impl Future<Output = Result<Option<Loaded>, Self::Error>> + Send;

    /// Writes `bytes` if the record is what `expect` says, in one atomic and durable step, and with
    /// them `events` in the same transaction. `events` is empty unless
    /// [`takes_events`](Self::takes_events) says that this store takes them. An event whose id is there
    /// already is left alone.
    ///
    /// Dangerous: `Applied` before the write survives a crash; `Applied` without comparing the
    /// version; a version that a key has had before, even after a delete; creating on `At`;
    /// overwriting on `Absent`; taking part in a transaction of the host that may roll back; an
    /// `Err` for a write that may have happened (answer `Unknown`). Merely slow: a needless
    /// `Conflict` or `Unknown`.
    ///
    /// # Errors
    /// Surely nothing was written.
    fn compare_and_swap(
        &self,
        key: &Key,
        expect: Expect,
        bytes: Vec<u8>,
        events: &[Event],
    ) -> impl Future<Output = Result<Swap, Self::Error>> + Send;

    /// Whether this store keeps the audit events of a write itself, in the same transaction as the
    /// record. They are then not in `bytes`, nothing waits and nothing is handed over twice, and of accounts
    /// the journal gets refusals only; changes of people still go to its
    /// [`record_people`](crate::host::PeopleJournal::record_people). What waited in a record from before goes
    /// with its next write. The answer must not change while the store lives.
    ///
    /// Dangerous: `true` from a store that does not write both or neither: events are lost, or told of
    /// what never happened.
    fn takes_events(&self) -> bool {
        false
    }
}
