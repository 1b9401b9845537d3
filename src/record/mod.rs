//! The stored form of an account and of a person: a versioned envelope around a compact body.
//!
//! | bytes | content |
//! |---|---|
//! | 0–3 | magic: `PLAC` for an account, `PLPE` for a person |
//! | 4–5 | version, little-endian; this crate writes and reads version 1 |
//! | 6–9 | length of the body, little-endian |
//! | 10–13 | CRC-32 (IEEE 802.3) of version and body, little-endian |
//! | 14– | body, postcard 1 encoding |
//!
//! Version 1 will be frozen with the first release; committed files of it, one for every state, are read
//! back by a test. The
//! checksum finds accidents, not attackers: whoever can write the store can write anything.
//!
//! Nothing here guesses. What cannot be read in full is a [`RecordError`], never a fresh account;
//! a ledger of attempts out of range is read as exhausted (E32).
#![doc = include_str!("size.md")]

mod account_v1;
mod envelope;
mod event_v1;
mod numbered;
mod person_record_v1;
mod person_v1;
mod row_v1;
mod wire;

use alloc::vec::Vec;

use crate::access::PersonRecord;
use crate::account::Account;
use crate::id::PersonId;
use crate::people::Person;
use envelope::Kind;
pub use envelope::{MAX_RECORD_BYTES, RecordError};

impl Account {
    /// The account as bytes to store.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] if it has outgrown every limit, which the policy's bounds prevent.
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        envelope::seal(Kind::Account, |bytes| account_v1::write_account(self, bytes))
    }

    /// The account of `person` from stored bytes.
    ///
    /// # Errors
    /// [`RecordError`]. Leave such a record where it is: it may be a newer version's.
    pub fn decode(bytes: &[u8], person: PersonId) -> Result<Self, RecordError> {
        let account = account_v1::read_account(envelope::open(Kind::Account, bytes)?)?;
        if account.person() == person { Ok(account) } else { Err(RecordError::AnotherAccount) }
    }
}

impl PersonRecord {
    /// The person and the trail as bytes to store, for hosts that keep people in a store of ours.
    ///
    /// # Errors
    /// [`RecordError::TooLarge`] if the trail has outgrown the record's limit, because a journal took
    /// nothing; the bounds of a person alone stay below it (D31).
    pub fn encode(&self) -> Result<Vec<u8>, RecordError> {
        envelope::seal(Kind::Person, |bytes| person_record_v1::write_record(self, bytes))
    }

    /// The record of the person `id` from stored bytes.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn decode(bytes: &[u8], id: PersonId) -> Result<Self, RecordError> {
        let record = person_record_v1::read_record(envelope::open(Kind::Person, bytes)?)?;
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
