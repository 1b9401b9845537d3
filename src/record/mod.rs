//! The stored form of an account and of a person: a versioned envelope around a compact body.
//!
//! | bytes | content |
//! |---|---|
//! | 0–3 | magic: `PLAC` for an account, `PLPE` for a person |
//! | 4–5 | version, little-endian; [`StoredVersion::READ`] lists those that this crate knows |
//! | 6–9 | length of the body, little-endian |
//! | 10–13 | CRC-32 (IEEE 802.3) of the bytes 0–9 and the body, little-endian |
//! | 14– | body, in versions 1 and 2 in postcard 1 encoding |
//!
//! The envelope is the same in every version. Each version is frozen: committed files of it, one
//! for every state, are read back by a test and written again to the byte. Version 2 of an account has, behind
//! what version 1 has, the device sessions that ended last. The checksum finds accidents, not attackers: whoever
//! can write the store can write anything.
//!
//! # What becomes of a record that cannot be used
//!
//! Nothing here guesses. What cannot be read in full is a [`RecordError`], never a fresh account; a ledger of
//! attempts out of range is read as exhausted (E32). The checksum is believed first: a record that is cut off,
//! or has a wrong bit anywhere, zeros and an empty value included, is **damaged**, whatever it says of its
//! kind and version. Only a whole record is a newer version's, another kind's or somebody else's. What the
//! commands of the [gate](crate::gate) do then:
//!
//! | | damaged: [`RecordError::is_damage`] | whole, but newer or not this account's |
//! |---|---|---|
//! | whatever opens or uses the app | refused `ReinvitationRequired` | `Unavailable`: try again later |
//! | `lock`, `log_out`, `report_integrity` | done: there is nothing left to end | `Unavailable` |
//! | `device_view` | `RevokedAll`, ask for an invitation | `Unavailable` |
//! | `begin_authentication` | offers what it offers a stranger; told once the person has proved who it is | `Unavailable` |
//! | an administrator's `invite`, `revoke_all` | replaces it by a barred account, in one write | `Unavailable` |
//! | `withdraw_invitation` | `NoInvitation` | `Unavailable` |
//! | `overview`, `log_out_device_of` | a barred account without devices | `Unavailable` |
//! | `erase` | replaces it by a barred account that holds nothing, in one write | `Unavailable` |
//! | `reassess` | done: nobody is signed in | `Unavailable` |
//! | the record | stays as it is until an administrator or `erase` replaces it, or you restore it | is never touched |
//!
//! So a damaged record heals as a log-out from all devices does: a user administrator re-invites the person,
//! who authenticates and creates a PIN on each device. Whether the account was barred can no longer be told;
//! that is why nothing less opens it. Restoring it from a backup heals it too, with the PINs and devices of
//! that day. The refusal's cause in the audit trail is `RecordUnreadable`; of a whole record that is not for
//! this host, `RecordNewer` or `RecordForeign`.
//!
//! The record of a person in a [`StoredDirectory`](crate::host::StoredDirectory) holds facts that come from
//! elsewhere: one that cannot be read is a failure of the directory, `Unavailable` for whatever asks for the
//! person, until the host writes it anew.
//!
//! # Upgrading hosts that share a store
//!
//! A release that brings version n + 1 reads both and writes n until it is told otherwise, so hosts of two
//! neighbouring releases serve the same accounts:
//!
//! 1. Replace the hosts one by one. All of them write version n, and each reads what any other wrote.
//! 2. When the last host of the older release has stopped, tell the new ones to write n + 1, one by one
//!    ([`GateBuilder::writes_version`](crate::gate::GateBuilder::writes_version), and
//!    [`StoredDirectory::writes_version`](crate::host::StoredDirectory::writes_version) for people). A record
//!    changes its version when it is next written.
//! 3. The way back: tell them to write n again. [`stored_version`] finds the records that are still n + 1 in a
//!    scan of the store; a host that decodes and [encodes](Account::encode) them anew, by compare-and-swap,
//!    need not wait for their owners. It reads accounts only: of people, rewrite each by
//!    [`StoredDirectory::change`](crate::host::StoredDirectory::change). Then the older release can come back.
//!
//! A host of the older release that meets version n + 1 too early answers `Unavailable`: nobody is sent to the
//! bank, nothing is overwritten, and a new host serves the person at the next try. Versions that are older than n
//! go on being read.
#![doc = include_str!("size.md")]

mod account_v1;
mod account_v2;
mod codec;
mod day;
mod enrolment_v1;
mod envelope;
mod event_v1;
mod numbered;
mod person_record_v1;
mod person_v1;
mod row_v1;
mod scan;
mod version;
#[cfg(pinlatch_version_3_for_tests)]
mod version_3_for_tests;
mod wire;

use alloc::vec::Vec;

use crate::access::PersonRecord;
use crate::account::Account;
use crate::id::PersonId;
use crate::people::Person;
pub use envelope::{MAX_RECORD_BYTES, RecordError};
pub use scan::{has_waiting_events, pepper_in_use, stored_version};
pub use version::StoredVersion;

impl Account {
    /// The account as bytes to store, in the version that every host of this release and the one before reads.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] if it has outgrown every limit, which the policy's bounds prevent.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        self.encode_as(StoredVersion::WRITTEN)
    }

    /// A checksum of what the account says in version 1, whatever is written, to tell two writes apart that have the
    /// same id.
    pub(crate) fn checksum(&self) -> u32 {
        let mut bytes = Vec::new();
        account_v1::write_account(self, &mut bytes);
        crc32fast::hash(&bytes)
    }

    /// The account as bytes to store, in this version.
    ///
    /// # Errors
    /// As for [`encode`](Self::encode).
    pub fn encode_as(&self, version: StoredVersion) -> Result<Vec<u8>, RecordError> {
        codec::write_account(self, version)
    }

    /// The account of `person` from stored bytes, of any version that this crate knows.
    ///
    /// # Errors
    /// [`RecordError`]. Leave such a record where it is: it may be a newer version's.
    pub fn decode(bytes: &[u8], person: PersonId) -> Result<Self, RecordError> {
        let account = codec::read_account(bytes)?;
        if account.person() == person { Ok(account) } else { Err(RecordError::AnotherAccount) }
    }
}

impl PersonRecord {
    /// The person and the trail as bytes to store, for hosts that keep people in a store of ours; in the
    /// version that every host of this release and the one before reads.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] if the trail has outgrown the record's limit, because a journal took
    /// nothing; the bounds of a person alone stay below it (D31).
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        self.encode_as(StoredVersion::WRITTEN)
    }

    /// The same, in this version.
    ///
    /// # Errors
    /// As for [`encode`](Self::encode).
    pub fn encode_as(&self, version: StoredVersion) -> Result<Vec<u8>, RecordError> {
        codec::write_person(self, version)
    }

    /// The record of the person `id` from stored bytes, of any version that this crate knows.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn decode(bytes: &[u8], id: PersonId) -> Result<Self, RecordError> {
        let record = codec::read_person(bytes)?;
        if record.id() == id { Ok(record) } else { Err(RecordError::AnotherAccount) }
    }
}

impl Person {
    /// The person as bytes of a [`PersonRecord`] in which nothing was changed yet. Never write it in place of
    /// a record: that would forget its trail.
    ///
    /// # Errors
    /// As for [`PersonRecord::encode`].
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        PersonRecord::new(self.clone()).encode()
    }

    /// The person `id` from stored bytes, without the trail.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn decode(bytes: &[u8], id: PersonId) -> Result<Self, RecordError> {
        PersonRecord::decode(bytes, id).map(PersonRecord::into_person)
    }
}
