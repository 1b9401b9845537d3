//! A version 3 that no release has, to show an upgrade with (`tests/upgrade`): the body of version 2, and behind
//! it one byte more, how many devices or companies the record names.

use alloc::vec::Vec;

use super::account_v2;
use super::envelope::RecordError;
use super::person_record_v1;
use crate::access::PersonRecord;
use crate::account::Account;

pub(super) fn write_account(account: &Account, bytes: &mut Vec<u8>) {
    account_v2::write_account(account, bytes);
    bytes.push(devices_of(account));
}

pub(super) fn read_account(body: &[u8]) -> Result<Account, RecordError> {
    let (count, version_2) = body.split_last().ok_or(RecordError::Corrupted)?;
    let account = account_v2::read_account(version_2)?;
    if *count == devices_of(&account) { Ok(account) } else { Err(RecordError::Corrupted) }
}

fn devices_of(account: &Account) -> u8 {
    u8::try_from(account.stored().devices.len()).unwrap_or(u8::MAX)
}

pub(super) fn write_person(person: &PersonRecord, bytes: &mut Vec<u8>) {
    person_record_v1::write_record(person, bytes);
    bytes.push(employments_of(person));
}

pub(super) fn read_person(body: &[u8]) -> Result<PersonRecord, RecordError> {
    let (count, version_2) = body.split_last().ok_or(RecordError::Corrupted)?;
    let person = person_record_v1::read_record(version_2)?;
    if *count == employments_of(&person) { Ok(person) } else { Err(RecordError::Corrupted) }
}

fn employments_of(person: &PersonRecord) -> u8 {
    u8::try_from(person.person().employments().len()).unwrap_or(u8::MAX)
}
