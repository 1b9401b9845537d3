//! Version 2 of the stored account: the body of version 1, and behind it the device sessions that ended last. It is
//! frozen, as version 1 is.

use alloc::vec::Vec;

use super::account_v1;
use super::envelope::RecordError;
use super::numbered::numbered;
use super::wire::{Reader, Writer};
use crate::account::{Account, ENDED_REMEMBERED, EndReason, Ended, EndedSession, Stored};
use crate::secret::Digest;

numbered!(EndReason, write_reason, read_reason {
    Asked = 0,
    FromAnotherDevice = 1,
    ByAdministrator = 2,
    LoggedOutEverywhere = 3,
    PinExhausted = 4,
    PinWindowPassed = 5,
    LifetimePassed = 6,
    DeviceModified = 7,
    MadeRoom = 8,
});

// More of them would be damage to whoever reads this version: that is a change for the next one.
const _: () = assert!(ENDED_REMEMBERED == 4, "version 2 holds four");

pub(super) fn write_account(account: &Account, bytes: &mut Vec<u8>) {
    account_v1::write_account(account, bytes);
    let mut out = Writer(bytes);
    let ended = &account.stored().ended;
    out.length(ended.len());
    for EndedSession { token, ended: Ended { at, reason } } in ended {
        out.bytes(token.as_bytes());
        out.option(*at, Writer::time);
        write_reason(&mut out, *reason);
    }
}

pub(super) fn read_account(bytes: &[u8]) -> Result<Account, RecordError> {
    let mut reader = Reader::new(bytes);
    let stored = read_fields(&mut reader).filter(|_| reader.rest().is_empty());
    stored.map(Account::restore).ok_or(RecordError::Corrupted)
}

fn read_fields(from: &mut Reader<'_>) -> Option<Stored> {
    let mut stored = account_v1::read_fields(from)?;
    stored.ended = from.list(ENDED_REMEMBERED, read_ended)?;
    Some(stored).filter(is_consistent)
}

fn read_ended(from: &mut Reader<'_>) -> Option<EndedSession> {
    let token = Digest::from_bytes(*from.array()?);
    Some(EndedSession { token, ended: Ended { at: from.option(Reader::time)?, reason: read_reason(from)? } })
}

/// Whether no session that ended is also one of the table, or there twice.
fn is_consistent(stored: &Stored) -> bool {
    stored.ended.iter().zip(0..).all(|(session, before)| {
        let is_another = |other: &Digest| *other != session.token;
        stored.devices.iter().all(|device| is_another(&device.token))
            && stored.ended.iter().take(before).all(|other| is_another(&other.token))
    })
}
