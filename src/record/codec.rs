//! Which version reads and writes what: the one place that knows them all.

use alloc::vec::Vec;

use super::account_v1;
use super::account_v2;
use super::envelope::{Kind, RecordError, open, seal};
use super::person_record_v1;
use super::version::StoredVersion;
#[cfg(pinlatch_version_3_for_tests)]
use super::version_3_for_tests;
use crate::access::PersonRecord;
use crate::account::Account;

pub(super) fn write_account(account: &Account, version: StoredVersion) -> Result<Vec<u8>, RecordError> {
    seal(Kind::Account, version, |bytes| match version {
        StoredVersion::V1 => account_v1::write_account(account, bytes),
        StoredVersion::V2 => account_v2::write_account(account, bytes),
        #[cfg(pinlatch_version_3_for_tests)]
        StoredVersion::V3 => version_3_for_tests::write_account(account, bytes),
    })
}

/// The account in stored bytes, whosever it is.
pub(super) fn read_account(bytes: &[u8]) -> Result<Account, RecordError> {
    let (version, body) = open(Kind::Account, bytes)?;
    match version {
        StoredVersion::V1 => account_v1::read_account(body),
        StoredVersion::V2 => account_v2::read_account(body),
        #[cfg(pinlatch_version_3_for_tests)]
        StoredVersion::V3 => version_3_for_tests::read_account(body),
    }
}

pub(super) fn write_person(person: &PersonRecord, version: StoredVersion) -> Result<Vec<u8>, RecordError> {
    seal(Kind::Person, version, |bytes| match version {
        StoredVersion::V1 | StoredVersion::V2 => person_record_v1::write_record(person, bytes),
        #[cfg(pinlatch_version_3_for_tests)]
        StoredVersion::V3 => version_3_for_tests::write_person(person, bytes),
    })
}

/// The person in stored bytes, whoever it is.
pub(super) fn read_person(bytes: &[u8]) -> Result<PersonRecord, RecordError> {
    let (version, body) = open(Kind::Person, bytes)?;
    match version {
        StoredVersion::V1 | StoredVersion::V2 => person_record_v1::read_record(body),
        #[cfg(pinlatch_version_3_for_tests)]
        StoredVersion::V3 => version_3_for_tests::read_person(body),
    }
}
